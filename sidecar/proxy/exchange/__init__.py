"""One exchange: a request brought to the service and an answer to the client."""
