"""The one record of a finished exchange, and what is made from it: metrics and logs."""
