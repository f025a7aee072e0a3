"""One exchange from head to end, between two connections of our own whose heads aiohttp's parser reads.

Read `ways/conduct.py` first: it follows one request, and chooses its way. `server.py` accepts and answers, `drain.py`
ends in good order; which room lies below which is told in docs/how-it-works.md. What connections ask of aiohttp beyond
its documented API, `aiohttp_compat.py` looks for at start.
"""
