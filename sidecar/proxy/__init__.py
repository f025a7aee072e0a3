"""One exchange from head to end, between two connections of our own whose heads aiohttp's parser reads.

Read `ways/conduct.py` first: it follows one request, and chooses its way (`ways/`). The pure parts are `fields`,
`request_head`, `answer_head`, `deadline` and `reasons`; everything that waits is in `client`, `upstream`, `relay` and
`spool`.
`server` listens and drains, `live` keeps the configuration in force. A `connection` of a client is made of `arrivals`,
`head_reader` and `framing`; what it and `upstream` ask of aiohttp beyond its documented API, `aiohttp_compat` looks for
at start.
"""
