"""One exchange from head to end, on aiohttp's server and our own connection to the service.

Read `exchange.py` first: it follows one request. The pure parts are `fields`, `request_head`, `answer_head`,
`deadline` and `reasons`; everything that waits is in `client`, `upstream`, `relay`, `hold` and `spool`.
`server` listens and drains, `live` keeps the configuration in force, `aiohttp_compat` holds all private names.
"""
