"""A plain proxy on aiohttp's server and client, as its documentation suggests one: the peer of the mode `off`."""

import asyncio
import sys

import uvloop
from aiohttp import ClientSession, DummyCookieJar, web
from multidict import CIMultiDict

_OF_ONE_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade", "expect"})


def _kept(fields: CIMultiDict[str]) -> CIMultiDict[str]:
    return CIMultiDict((name, value) for name, value in fields.items() if name.lower() not in _OF_ONE_HOP)


async def serve(port: int, service: int) -> None:
    """Forward everything, for ever."""
    async with ClientSession(auto_decompress=False, cookie_jar=DummyCookieJar()) as session:

        async def forward(request: web.BaseRequest) -> web.StreamResponse:
            url = f"http://127.0.0.1:{service}{request.path_qs}"
            body = request.content if request.can_read_body else None
            async with session.request(
                request.method, url, headers=_kept(CIMultiDict(request.headers)), data=body
            ) as answer:
                response = web.StreamResponse(status=answer.status, headers=_kept(CIMultiDict(answer.headers)))
                await response.prepare(request)
                async for chunk in answer.content.iter_any():
                    await response.write(chunk)
                await response.write_eof()
                return response

        await asyncio.get_running_loop().create_server(web.Server(forward), "127.0.0.1", port)
        await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1]), int(sys.argv[2])))
