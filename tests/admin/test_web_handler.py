"""A handler of aiohttp's answers on a connection of ours as it would on aiohttp's own."""

import asyncio
import logging

import pytest
from aiohttp import web

from sidecar.admin.port import Port
from tests.wire import Wire


async def handler(request: web.BaseRequest) -> web.Response:
    if request.path == "/fails":
        raise RuntimeError
    body = await request.read()
    peer = request.transport.get_extra_info("peername")[0]
    return web.Response(text=f"{request.method} {request.path} {request.query_string} {len(body)} {peer}")


@pytest.fixture
async def wire():
    port = Port(handler, keep_alive=5)
    address = await port.start("127.0.0.1:0")
    yield await Wire.open(int(address.rpartition(":")[2]))
    await port.close()


async def test_requests_follow_each_other_on_one_connection(wire):
    for _ in range(3):
        answer = await wire.ask(b"GET /a?b=c HTTP/1.1\r\nHost: a\r\n\r\n")
        assert (answer.status, answer.body) == (200, b"GET /a b=c 0 127.0.0.1")
    answer = await wire.ask(b"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello")
    assert answer.body == b"POST /a  5 127.0.0.1"


async def test_the_answer_to_head_has_no_body(wire):
    answer = await wire.ask(b"HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n", bodiless=True)
    assert answer.values("content-length") == [b"%d" % len(b"HEAD /a  0 127.0.0.1")]
    assert (await wire.ask(b"GET /b HTTP/1.1\r\nHost: a\r\n\r\n")).body == b"GET /b  0 127.0.0.1"


@pytest.mark.parametrize(
    "ask",
    [
        b"GET / HTTP/1.0\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
    ],
)
async def test_the_last_answer_says_so_and_the_connection_ends(wire, ask):
    answer = await wire.ask(ask)
    assert answer.status == 200
    assert answer.values("connection") == ([b"close"] if b"HTTP/1.1" in ask else [])
    assert await wire.read_to_end() == b""


async def test_a_handler_that_fails_is_told_from_a_request_that_is_malformed(wire, caplog):
    with caplog.at_level(logging.ERROR):
        answer = await wire.ask(b"GET /fails HTTP/1.1\r\nHost: a\r\n\r\n")
    assert (answer.status, b"the log tells why" in answer.body) == (500, True)
    assert [each.message for each in caplog.records] == ["unexpected error in the server"]
    assert await wire.read_to_end() == b""


async def test_what_is_no_http_is_told_so(wire):
    answer = await wire.ask(b"\0\r\n\r\n")
    assert (answer.status, b"not an HTTP request" in answer.body) == (400, True)
    await asyncio.sleep(0)
