"""Requests that are no uploads pass through as they are."""

import asyncio
import contextlib

import pytest

from tests.wire import OK, PNG, Wire, form, post, read_message


async def asked(sidecar, service, request, *, bodiless=False, **settings):
    wire = await Wire.open(await sidecar(service, **settings))
    return await wire.ask(request, bodiless=bodiless)


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"])
async def test_the_method_goes_on(sidecar, service, method):
    await asked(sidecar, service, method.encode() + b" /x HTTP/1.1\r\nHost: a\r\n\r\n")
    assert service.requests[0].start == method.encode() + b" /x HTTP/1.1"


async def test_a_body_with_a_length_keeps_its_length(sidecar, service):
    await asked(sidecar, service, b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello")
    assert service.requests[0].body == b"hello"
    assert service.requests[0].values("content-length") == [b"5"]


async def test_a_chunked_body_stays_chunked(sidecar, service):
    head = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    await asked(sidecar, service, head + b"2\r\nhe\r\n3;ext=1\r\nllo\r\n0\r\n\r\n")
    assert service.requests[0].body == b"hello"
    assert service.requests[0].values("transfer-encoding") == [b"chunked"]


async def test_an_empty_body_is_told_as_one(sidecar, service):
    await asked(sidecar, service, b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")
    assert service.requests[0].values("content-length") == [b"0"]


async def test_a_large_body_passes_in_both_directions(sidecar, service):
    data = bytes(range(256)) * 20_000
    service.answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(data) + data
    head = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % len(data)
    answer = await asked(sidecar, service, head + data)
    assert service.requests[0].body == data
    assert answer.body == data


async def test_head_keeps_the_length_and_has_no_body(sidecar, service):
    service.answer = b"HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n"
    wire = await Wire.open(await sidecar(service))
    answer = await wire.ask(b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", bodiless=True)
    assert answer.values("content-length") == [b"1234"]
    service.answer = OK
    assert (await wire.ask(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")).body == b"ok"


@pytest.mark.parametrize(
    "head",
    [b"HTTP/1.1 204 No Content\r\n\r\n", b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\nContent-Length: 99\r\n\r\n'],
)
async def test_answers_without_a_body_end_at_their_head(sidecar, service, head):
    service.answer = head
    wire = await Wire.open(await sidecar(service))
    first = await wire.ask(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    assert set(head.split(b"\r\n")) <= set(first.head.split(b"\r\n"))
    assert (await wire.ask(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")).status == first.status


async def test_a_streamed_answer_arrives_piece_by_piece(sidecar, service):
    more = asyncio.Event()

    async def stream(reader, writer):
        await read_message(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
        writer.write(b"7\r\nfirst\n\n\r\n")
        await more.wait()
        writer.write(b"8\r\nsecond\n\n\r\n0\r\n\r\n")

    service.script = stream
    wire = await Wire.open(await sidecar(service))
    await wire.send(b"GET /events HTTP/1.1\r\nHost: a\r\n\r\n")
    async with asyncio.timeout(10):
        await wire.reader.readuntil(b"first\n\n")
        more.set()
        await wire.reader.readuntil(b"second\n\n\r\n0\r\n\r\n")


async def test_an_answer_that_ends_with_the_connection_is_whole(sidecar, service):
    async def close(reader, writer):
        await read_message(reader)
        writer.write(b"HTTP/1.0 200 OK\r\n\r\nto the end")
        writer.close()

    service.script = close
    answer = await asked(sidecar, service, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    assert answer.complete
    assert answer.body == b"to the end"


@pytest.mark.parametrize(
    "cut",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nshort",
    ],
)
@pytest.mark.parametrize("version", [b"1.0", b"1.1"])
async def test_a_cut_answer_never_looks_whole(sidecar, service, cut, version):
    async def send_and_close(reader, writer):
        await read_message(reader)
        writer.write(cut)
        writer.close()

    service.script = send_and_close
    wire = await Wire.open(await sidecar(service))
    await wire.send(b"GET / HTTP/" + version + b"\r\nHost: a\r\n\r\n")
    with pytest.raises(ConnectionResetError):
        await wire.read_to_end()


async def test_an_http_1_0_client_gets_no_chunks(sidecar, service):
    service.answer = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
    wire = await Wire.open(await sidecar(service))
    await wire.send(b"GET / HTTP/1.0\r\n\r\n")
    raw = await wire.read_to_end()
    assert raw.endswith(b"\r\n\r\nhello")
    assert b"chunked" not in raw


async def test_pipelined_requests_are_answered_in_order(sidecar, service):
    async def echo(reader, writer):
        while request := await read_message(reader):
            target = request.start.split(b" ")[1]
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(target), target))

    service.script = echo
    wire = await Wire.open(await sidecar(service))
    await wire.send(b"".join(b"GET /%d HTTP/1.1\r\nHost: a\r\n\r\n" % number for number in range(20)))
    assert [(await wire.read()).body for _ in range(20)] == [b"/%d" % number for number in range(20)]


@pytest.mark.parametrize(
    "garbage",
    [
        b"not http at all\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551615\r\n\r\nab",
        b"HTTP/1.1 200 OK\r\nX-A: a\x00b\r\nContent-Length: 0\r\n\r\n",
        b"",
    ],
)
async def test_an_answer_that_is_none_gives_502(sidecar, service, garbage):
    async def send(reader, writer):
        await read_message(reader)
        writer.write(garbage)
        writer.close()

    service.script = send
    answer = await asked(sidecar, service, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    assert answer.status == 502
    assert answer.values("content-type") == [b"application/problem+json"]


async def test_interim_answers_are_skipped(sidecar, service):
    service.answer = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + OK
    assert (await asked(sidecar, service, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")).body == b"ok"


async def test_an_early_answer_reaches_the_client_while_it_sends(sidecar, service):
    async def refuse(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno")
        await writer.drain()
        writer.close()

    service.script = refuse
    wire = await Wire.open(await sidecar(service, mode="off"))
    await wire.send(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 50000000\r\n\r\n" + b"x" * 1000)
    assert (await wire.read()).status == 413


async def test_a_client_that_leaves_ends_the_request_at_the_service(sidecar, service):
    asked, left = asyncio.Event(), asyncio.Event()

    async def think(reader, _writer):
        await read_message(reader)
        asked.set()
        with contextlib.suppress(ConnectionError):
            await reader.read()
        left.set()

    service.script = think
    wire = await Wire.open(await sidecar(service))
    await wire.send(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    await asked.wait()
    wire.reset()
    async with asyncio.timeout(10):
        await left.wait()


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        (b"GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505),
        (b"TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 405),
        (b"GET http://evil/ HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (b"GET /\xc3\xbc HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent_Length: 1\r\nContent-Length: 2\r\n\r\nab", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 9000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: 1\r\n" * 200 + b"\r\n", 431),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
    ],
)
async def test_a_malformed_request_gets_a_problem_that_echoes_nothing_and_reaches_nobody(
    sidecar, service, request_bytes, status
):
    answer = await asked(sidecar, service, request_bytes)
    assert answer.status == status
    assert answer.start.startswith(b"HTTP/1.1 ")
    assert answer.values("content-type") == [b"application/problem+json"]
    assert answer.values("connection") == [b"close"]
    assert service.complete_requests == []


@pytest.mark.parametrize("mode", ["off", "monitor", "enforce"])
@pytest.mark.parametrize("request_bytes", [b"GET / HTTP/1.0\r\n\r\n", post(form(("f", "a.png", "image/png", PNG)))])
async def test_a_client_that_closes_its_half_behind_a_request_is_answered(sidecar, service, mode, request_bytes):
    wire = await Wire.open(await sidecar(service, mode=mode))
    wire.writer.write(request_bytes)
    wire.writer.write_eof()
    answer = await wire.read()
    assert (answer.status, answer.body) == (200, b"ok")
    assert service.requests[0].complete
