"""One exchange from head to end, on aiohttp's server and our own connection to the service.

Read `ways/conduct.py` first: it follows one request, and chooses its way (`ways/`). The pure parts are `fields`,
`request_head`, `answer_head`, `deadline` and `reasons`; everything that waits is in `client`, `upstream`, `relay` and
`spool`.
`server` listens and drains, `live` keeps the configuration in force. `connection` and what it is made of (`head_first`,
`switching`, `serving`) stand on private names of aiohttp, which `aiohttp_compat` looks for at start.
"""
