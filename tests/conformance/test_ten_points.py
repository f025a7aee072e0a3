"""The ten ways in which a first proxy on aiohttp loses or leaks data, each over raw sockets."""

import asyncio
import gzip
import subprocess
import sys

import pytest

from tests.wire import OK, PNG, Wire, form, post, read_message

GET = b"GET /%b HTTP/1.1\r\nHost: service.test\r\n\r\n"
UPLOAD = form(("avatar", "a.png", "image/png", PNG))


# 1. Response poisoning


async def test_an_answer_planted_on_an_idle_connection_reaches_nobody(sidecar, service):
    planted = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison"

    async def plant(reader, writer):
        service.note(await read_message(reader))
        writer.write(OK)
        await writer.drain()
        writer.write(planted)
        await writer.drain()
        while request := await read_message(reader):
            service.note(request)
            writer.write(OK)

    service.script = plant
    wire = await Wire.open(await sidecar(service))
    for _ in range(20):
        answer = await wire.ask(GET % b"x")
        assert answer.body == b"ok"


async def test_a_clean_connection_is_used_again_for_requests_without_a_body(sidecar, service):
    wire = await Wire.open(await sidecar(service))
    for _ in range(5):
        await wire.ask(GET % b"")
    assert service.connections == 1


async def test_no_upload_is_lost_where_the_service_closes_behind_each_answer(sidecar, service):
    """A pool that does not ask its connections first loses 19 of 60."""

    async def close_behind(reader, writer):
        service.note(await read_message(reader))
        writer.write(OK)
        await writer.drain()
        writer.close()

    service.script = close_behind
    wire = await Wire.open(await sidecar(service))
    for _ in range(60):
        assert (await wire.ask(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi")).status == 200
    assert (service.connections, len(service.complete_requests)) == (60, 60)


async def test_a_stale_connection_is_replaced_without_the_client_noticing(sidecar, service):
    async def answer_once(reader, writer):
        service.note(await read_message(reader))
        writer.write(OK)
        await writer.drain()
        await reader.read(1)  # the next request arrives, and is lost
        writer.transport.abort()

    service.script = answer_once
    wire = await Wire.open(await sidecar(service))
    assert (await wire.ask(GET % b"1")).body == b"ok"
    assert (await wire.ask(GET % b"2")).body == b"ok"


# 2. Shared cookies


async def test_a_cookie_of_one_client_is_never_sent_for_another(sidecar, service):
    service.answer = b"HTTP/1.1 200 OK\r\nSet-Cookie: session=secret\r\nContent-Length: 2\r\n\r\nok"
    port = await sidecar(service)
    for _ in range(2):
        wire = await Wire.open(port)
        answer = await wire.ask(GET % b"")
        assert answer.values("set-cookie") == [b"session=secret"]
    assert [request.values("cookie") for request in service.requests] == [[], []]


# 3. Corrupt gzip


async def test_a_compressed_answer_passes_byte_for_byte(sidecar, service):
    body = gzip.compress(b"hello" * 1000)
    service.answer = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
    answer = await (await Wire.open(await sidecar(service))).ask(GET % b"")
    assert answer.body == body
    assert answer.values("content-encoding") == [b"gzip"]


async def test_a_compressed_request_passes_byte_for_byte(sidecar, service):
    body = gzip.compress(b"hello" * 1000)
    head = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body)
    await (await Wire.open(await sidecar(service))).ask(head + body)
    assert service.requests[0].body == body


# 4. Uploads lost at SIGTERM: tests/e2e/test_run.py sends the signal


# 5. Rewritten targets


@pytest.mark.parametrize(
    "target",
    ["/a/%2e%2e/b", "/%7e", "/?", "/a?", "//evil/p", "/%zz", "/a%2Fb", "/a/../b", "/a?x=%41&&", "/'\"<>"],
)
async def test_the_raw_target_goes_to_the_service(sidecar, service, target):
    raw = target.encode()
    await (await Wire.open(await sidecar(service))).ask(b"GET " + raw + b" HTTP/1.1\r\nHost: a\r\n\r\n")
    assert service.requests[0].start == b"GET " + raw + b" HTTP/1.1"


async def test_options_asterisk_goes_to_the_service(sidecar, service):
    await (await Wire.open(await sidecar(service))).ask(b"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n")
    assert service.requests[0].start == b"OPTIONS * HTTP/1.1"


# 6. Deleted bytes


async def test_bytes_that_are_not_utf8_pass_in_both_directions(sidecar, service):
    service.answer = b"HTTP/1.1 200 Gr\xfc\xdf\r\nX-Latin: \xe4\xff\r\nContent-Length: 2\r\n\r\nok"
    answer = await (await Wire.open(await sidecar(service))).ask(
        b"GET / HTTP/1.1\r\nHost: a\r\nX-Latin: \xfc\xfe\r\n\r\n"
    )
    assert service.requests[0].values("x-latin") == [b"\xfc\xfe"]
    assert answer.values("x-latin") == [b"\xe4\xff"]
    assert answer.start == b"HTTP/1.1 200 Gr\xfc\xdf"


async def test_order_case_and_duplicates_pass_in_both_directions(sidecar, service):
    service.answer = b"HTTP/1.1 200 OK\r\nX-b: 1\r\nx-A: 2\r\nX-B: 3\r\nContent-Length: 2\r\nVary: q\r\n\r\nok"
    sent = [b"hOST: a", b"X-b: 1", b"x-A: 2", b"X-B: 3"]
    answer = await (await Wire.open(await sidecar(service))).ask(
        b"GET / HTTP/1.1\r\n" + b"\r\n".join(sent) + b"\r\n\r\n"
    )
    assert service.requests[0].lines[: len(sent)] == sent
    assert answer.lines[:5] == [b"X-b: 1", b"x-A: 2", b"X-B: 3", b"Content-Length: 2", b"Vary: q"]


async def test_nothing_is_added_but_the_request_id(sidecar, service):
    answer = await (await Wire.open(await sidecar(service))).ask(GET % b"")
    assert [line.partition(b":")[0] for line in service.requests[0].lines] == [b"Host", b"X-Request-ID"]
    assert [line.partition(b":")[0] for line in answer.lines] == [b"Content-Length", b"X-Request-ID"]


async def test_with_mode_off_nothing_is_added_at_all(sidecar, service):
    request = post(UPLOAD)
    answer = await (await Wire.open(await sidecar(service, mode="off"))).ask(request)
    assert service.requests[0].head + service.requests[0].body == request
    assert answer.head + answer.body == OK


# 7. Expect


async def test_an_expectation_is_answered_here_and_never_forwarded(sidecar, service):
    wire = await Wire.open(await sidecar(service))
    head, _, body = post(UPLOAD, fields=b"Expect: 100-continue\r\n").partition(b"\r\n\r\n")
    interim = await wire.ask(head + b"\r\n\r\n", bodiless=True)
    assert interim.status == 100
    assert (await wire.ask(body)).status == 200
    assert service.requests[0].values("expect") == []


async def test_a_refusal_by_the_head_alone_costs_the_client_no_upload(sidecar, service):
    wire = await Wire.open(await sidecar(service))
    head = b"POST /upload HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=b\r\n"
    answer = await wire.ask(head + b"Content-Length: 99999999999\r\nExpect: 100-continue\r\n\r\n")
    assert answer.status == 413
    assert service.connections == 0


# 8. False completeness


@pytest.mark.parametrize("mode", ["off", "monitor", "enforce"])
@pytest.mark.parametrize("framing", ["length", "chunked"])
async def test_a_body_that_the_client_cuts_is_never_complete_at_the_service(sidecar, service, mode, framing):
    port = await sidecar(service, mode=mode)
    wire = await Wire.open(port)
    head = b"POST /upload HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=XBOUNDARYX\r\n"
    if framing == "length":
        await wire.send(head + b"Content-Length: %d\r\n\r\n" % (len(UPLOAD) + 1) + UPLOAD)
    else:
        await wire.send(head + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n" % (len(UPLOAD), UPLOAD))
    if mode != "enforce":
        await service.connected.wait()
    wire.reset()
    control = await (await Wire.open(port)).ask(GET % b"after")
    assert control.body == b"ok"
    assert [request.start for request in service.complete_requests] == [b"GET /after HTTP/1.1"]


async def test_a_refused_upload_is_never_seen_by_the_service(sidecar, service):
    wire = await Wire.open(await sidecar(service))
    answer = await wire.ask(post(form(("f", "shell.php", "image/png", PNG))))
    assert answer.status == 422
    assert service.connections == 0


# 9. Deadlines


async def test_a_silent_body_is_ended_with_408(sidecar, service):
    wire = await Wire.open(await sidecar(service, client={"idle_timeout": "200ms"}))
    answer = await wire.ask(post(UPLOAD)[:-10])
    assert answer.status == 408
    assert b'"retry": "safe"' in answer.body


async def test_a_drip_of_bytes_is_ended_with_408(sidecar, service):
    wire = await Wire.open(await sidecar(service, client={"idle_timeout": "400ms", "min_rate": "100KiB"}))
    request = post(UPLOAD)

    async def drip():
        for byte in request:
            await wire.send(bytes([byte]))
            await asyncio.sleep(0.01)

    dripping = asyncio.ensure_future(drip())
    answer = await wire.read()
    dripping.cancel()
    await asyncio.wait({dripping})
    assert answer.status == 408


async def test_a_slow_head_is_answered_408_and_ends_the_connection(sidecar, service):
    wire = await Wire.open(await sidecar(service, client={"head_timeout": "200ms"}))
    await wire.send(b"GET / HTTP/1.1\r\nHost: a\r\n")
    assert (await wire.read()).status == 408
    assert await wire.read_to_end() == b""


async def test_a_connection_that_says_nothing_is_closed_without_a_word(sidecar, service):
    wire = await Wire.open(await sidecar(service, client={"head_timeout": "200ms"}))
    assert await wire.read_to_end() == b""


async def test_a_service_that_does_not_answer_gives_504(sidecar, service):
    async def say_nothing(reader, _writer):
        await reader.read()

    service.script = say_nothing
    wire = await Wire.open(await sidecar(service, upstream={"answer_timeout": "200ms"}))
    answer = await wire.ask(post(UPLOAD))
    assert answer.status == 504
    assert b'"retry": "unknown"' in answer.body


async def test_a_service_that_stops_reading_gives_504(sidecar, service):
    stalled = asyncio.Event()

    async def read_nothing(_reader, writer):
        writer.transport.pause_reading()
        await stalled.wait()

    service.script = read_nothing
    port = await sidecar(service, upstream={"write_timeout": "300ms"})
    wire = await Wire.open(port)
    answer = await wire.ask(post(form(("f", "a.dat", None, b"x" * 20_000_000))))
    stalled.set()
    assert answer.status == 504


async def test_a_client_that_stops_reading_is_reset(sidecar, service):
    big = b"x" * 30_000_000
    service.answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(big) + big
    wire = await Wire.open(await sidecar(service, client={"write_timeout": "300ms"}))
    wire.writer.transport.pause_reading()
    await wire.send(GET % b"")
    await asyncio.sleep(1)
    wire.writer.transport.resume_reading()
    answer = await wire.read()
    assert not answer.complete


# 10. The C parser


def test_without_the_c_parser_the_sidecar_does_not_start():
    code = "from sidecar.proxy.aiohttp_compat import self_test; self_test()"
    run = subprocess.run(
        [sys.executable, "-c", code], env={"AIOHTTP_NO_EXTENSIONS": "1"}, capture_output=True, text=True, check=False
    )
    assert run.returncode != 0
    assert "C parser" in run.stderr
