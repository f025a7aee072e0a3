"""WebSockets and other protocols: both heads as they are, then bytes in both directions, whoever is slow or leaves."""

import asyncio
import base64
import contextlib
import hashlib

import pytest
import websockets
from websockets.asyncio.client import connect
from websockets.asyncio.server import serve

from tests.wire import PATIENCE, Wire, form, read_message

SWITCH = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: chat/2\r\nConnection: Upgrade\r\nX-Own: 1\r\n\r\n"
ASK = b"GET /chat?x=%2e HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: chat/2\r\n\r\n"
KEY = b"dGhlIHNhbXBsZSBub25jZQ=="
WS = (
    b"GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: " + KEY + b"\r\n\r\n"
)
GET = b"GET /next HTTP/1.1\r\nHost: a\r\n\r\n"


@pytest.fixture(autouse=True)
async def _clients_leave_first(start):
    """An open tunnel would make the drain of every test wait."""
    yield
    for wire in Wire.opened:
        wire.reset()


def switching_to(behind=b"", answer=SWITCH):
    """A service that switches, and then sends back what it gets, in capitals."""

    async def run(reader, writer):
        service.note(await read_message(reader, bodiless=True))
        writer.write(answer + behind)
        while data := await reader.read(65536):
            writer.write(data.upper())
            await writer.drain()
        writer.write(b"BYE")
        writer.close()

    service = None

    def install(into):
        nonlocal service
        service = into
        into.script = run

    return install


async def tunnel(sidecar, service, behind=b"", **settings):
    switching_to(behind)(service)
    wire = await Wire.open(await sidecar(service, **settings))
    return wire, await wire.ask(ASK, bodiless=True)


async def test_both_heads_go_through_and_then_every_byte(sidecar, service):
    wire, answer = await tunnel(sidecar, service)
    assert answer.status == 101
    assert {b"Upgrade: chat/2", b"Connection: Upgrade", b"X-Own: 1"} <= set(answer.lines)
    asked = service.requests[0]
    assert asked.start == b"GET /chat?x=%2e HTTP/1.1"
    assert (asked.values("upgrade"), asked.values("connection")) == ([b"chat/2"], [b"Upgrade"])
    for word in (b"hello", b"\r\n\r\n", b"get / http/1.1\r\n\r\n"):
        await wire.send(word)
        assert await wire.reader.readexactly(len(word)) == word.upper()


@pytest.mark.parametrize("mode", ["off", "monitor", "enforce"])
async def test_bytes_right_behind_either_head_are_not_lost(sidecar, service, mode):
    switching_to(b"welcome")(service)
    wire = await Wire.open(await sidecar(service, mode=mode))
    answer = await wire.ask(ASK + b"early", bodiless=True)
    assert answer.status == 101
    assert await wire.reader.readexactly(12) == b"welcomeEARLY"


@pytest.mark.parametrize("ask", [ASK, WS])
async def test_a_request_cut_anywhere_is_the_same_request(sidecar, service, ask):
    accept = base64.b64encode(
        hashlib.sha1(KEY + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11", usedforsecurity=False).digest()
    )
    websocket = b"HTTP/1.1 101 OK\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " + accept
    switching_to(answer=SWITCH if ask is ASK else websocket + b"\r\n\r\n")(service)
    port = await sidecar(service)
    for cut in (1, 20, len(ask) - 3, len(ask) - 2, len(ask) - 1, len(ask), len(ask) + 2):
        wire = await Wire.open(port)
        data = ask + b"early"
        await wire.send(data[:cut])
        await asyncio.sleep(0.005)  # so that the cut is one; whether it is changes nothing that is promised
        await wire.send(data[cut:])
        assert (await wire.read(bodiless=True)).status == 101
        assert await wire.reader.readexactly(5) == b"EARLY"


async def test_a_connection_that_served_before_can_switch(sidecar, service):
    port = await sidecar(service)
    for _ in range(20):
        service.script = None
        wire = await Wire.open(port)
        assert (await wire.ask(GET)).status == 200
        switching_to()(service)
        assert (await wire.ask(ASK, bodiless=True)).status == 101


@pytest.mark.parametrize("ask", [ASK, WS, ASK.replace(b"chat/2", b"h2c")])
async def test_what_is_declined_is_an_ordinary_answer_and_what_waits_behind_it_an_ordinary_request(
    sidecar, service, ask
):
    wire = await Wire.open(await sidecar(service))
    await wire.send(ask + GET)
    assert (await wire.read()).body == b"ok"
    assert (await wire.read()).body == b"ok"
    assert (await wire.ask(GET)).body == b"ok"
    assert [request.start.split(b" ")[1] for request in service.requests][1:] == [b"/next", b"/next"]


@pytest.mark.parametrize(
    "fields",
    [
        b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQ\r\n",
        b"Connection: Upgrade\r\nUpgrade: H2C\r\n",
        b"Connection: Upgrade\r\nUpgrade: TLS/1.0\r\n",
        b"Connection: Upgrade\r\nUpgrade: HTTP/2.0\r\n",
        b"Connection: close\r\nUpgrade: websocket\r\n",
        b"Upgrade: websocket\r\n",
        b"Connection: Upgrade\r\nUpgrade: \r\n",
        b"Connection: Upgrade\r\nUpgrade: a b\r\n",
    ],
)
async def test_no_tunnel_is_asked_for_more_http_or_by_half_a_request(sidecar, service, fields):
    wire = await Wire.open(await sidecar(service))
    assert (await wire.ask(b"GET / HTTP/1.1\r\nHost: a\r\n" + fields + b"\r\n")).status == 200
    assert not [line for line in service.requests[0].lines if b"upgrade" in line.lower() or b"http2" in line.lower()]


async def test_h2c_is_left_out_of_what_is_asked_for(sidecar, service):
    switching_to()(service)
    wire = await Wire.open(await sidecar(service))
    await wire.ask(ASK.replace(b"chat/2", b"h2c, chat/2"), bodiless=True)
    assert service.requests[0].values("upgrade") == [b"chat/2"]


async def test_an_upload_that_asks_for_a_tunnel_is_an_upload(sidecar, service):
    body = form(("f", "a.php", "text/plain", b"<?php"))
    port = await sidecar(service)
    wire = await Wire.open(port)
    head = (
        b"POST /upload HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        b"Content-Type: multipart/form-data; boundary=XBOUNDARYX\r\nContent-Length: %d\r\n\r\n" % len(body)
    )
    assert (await wire.ask(head + body)).status in (415, 422)
    wire = await Wire.open(port)
    empty = head.replace(b"Content-Length: %d\r\n" % len(body), b"")
    await wire.ask(empty)
    assert not [request for request in service.requests if request.values("upgrade")]


async def test_a_body_with_an_upgrade_beside_it_goes_on_without_the_upgrade(sidecar, service):
    wire = await Wire.open(await sidecar(service))
    head = b"POST / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: chat\r\nContent-Length: 5\r\n\r\n"
    assert (await wire.ask(head + b"hello" + GET)).status == 200
    assert (await wire.read()).status == 200
    assert [(each.head.split()[0], each.body) for each in service.requests] == [(b"POST", b"hello"), (b"GET", b"")]
    assert service.requests[0].values("upgrade") == []


@pytest.mark.parametrize("ask", [ASK, WS])
async def test_what_stands_behind_a_declined_tunnel_is_read_as_http_also_where_a_body_came_in_the_same_packet(
    sidecar, service, ask
):
    wire = await Wire.open(await sidecar(service))
    await wire.send(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nh")
    await service.connected.wait()
    await wire.send(b"ello" + ask + GET)
    assert [(await wire.read()).status for _ in range(3)] == [200] * 3
    assert [each.head.split()[0] for each in service.requests] == [b"POST", b"GET", b"GET"]


async def test_empty_lines_before_a_request_cost_no_time(sidecar, service):
    wire = await Wire.open(await sidecar(service))
    loop = asyncio.get_running_loop()
    began = loop.time()
    await wire.send(b"\r\n" * 500_000 + GET)
    assert (await wire.read()).status == 200
    assert loop.time() - began < 1.0


ROUTES = {"policies": {"strict": {}}, "routes": [{"path": "/chat", "policy": "strict"}]}


async def test_a_tunnel_on_a_path_for_uploads_is_refused(sidecar, service):
    _, answer = await tunnel(sidecar, service, **ROUTES)
    assert answer.status == 403
    assert service.connections == 0


@pytest.mark.parametrize(
    "settings",
    [
        {**ROUTES, "mode": "off"},
        {**ROUTES, "mode": "monitor"},
        {"policies": {"strict": {}}, "routes": [{"path": "/chat", "policy": "strict", "tunnels": "pass"}]},
    ],
)
async def test_a_tunnel_on_a_path_for_uploads_passes_where_nothing_is_refused(sidecar, service, settings):
    _, answer = await tunnel(sidecar, service, **settings)
    assert answer.status == 101


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 101 OK\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n",
        b"HTTP/1.1 101 OK\r\nConnection: Upgrade\r\n\r\n",
        b"HTTP/1.1 101 OK\r\nUpgrade: chat/2\r\n\r\n",
        b"HTTP/1.1 101 OK\r\nConnection: keep-alive\r\nUpgrade: chat/2\r\n\r\n",
        b"HTTP/1.1 101 OK\r\n\r\n",
    ],
)
@pytest.mark.parametrize("ask", [ASK, GET])
async def test_a_switch_that_nobody_asked_for_is_a_502(sidecar, service, answer, ask):
    switching_to(answer=answer)(service)
    wire = await Wire.open(await sidecar(service))
    assert (await wire.ask(ask)).status == 502


async def test_a_switch_to_websocket_without_its_proof_is_a_502(sidecar, service):
    switching_to(answer=SWITCH.replace(b"chat/2", b"websocket"))(service)
    wire = await Wire.open(await sidecar(service))
    assert (await wire.ask(WS)).status == 502


async def test_either_side_may_close_its_half_first(sidecar, service):
    wire, _ = await tunnel(sidecar, service)
    await wire.send(b"last")
    wire.writer.write_eof()
    assert await wire.read_to_end() == b"LASTBYE"


async def test_a_service_that_is_done_sending_still_listens(sidecar, service):
    heard = asyncio.get_running_loop().create_future()

    async def run(reader, writer):
        await read_message(reader, bodiless=True)
        writer.write(SWITCH + b"all")
        writer.write_eof()
        heard.set_result(await reader.read())

    service.script = run
    wire = await Wire.open(await sidecar(service))
    await wire.ask(ASK, bodiless=True)
    assert await wire.read_to_end() == b"all"
    await wire.send(b"still here")
    wire.writer.write_eof()
    async with asyncio.timeout(PATIENCE):
        assert await heard == b"still here"


async def test_a_client_that_resets_resets_the_service(sidecar, service):
    lost = asyncio.get_running_loop().create_future()

    async def run(reader, writer):
        await read_message(reader, bodiless=True)
        writer.write(SWITCH)
        try:
            await reader.read()
            lost.set_result("closed")
        except ConnectionResetError:
            lost.set_result("reset")

    service.script = run
    wire = await Wire.open(await sidecar(service))
    await wire.ask(ASK, bodiless=True)
    reset_now(wire.writer)
    async with asyncio.timeout(PATIENCE):
        assert await lost == "reset"


def reset_now(writer):
    from sidecar.proxy.sockets.closing import reset  # noqa: PLC0415 - SO_LINGER, as asyncio alone would send a FIN

    reset(writer.transport)


async def test_a_service_that_resets_resets_the_client(sidecar, service):
    async def run(reader, writer):
        await read_message(reader, bodiless=True)
        writer.write(SWITCH)
        await reader.readexactly(2)
        reset_now(writer)

    service.script = run
    wire = await Wire.open(await sidecar(service))
    await wire.ask(ASK, bodiless=True)
    await wire.send(b"go")
    with pytest.raises(ConnectionResetError):
        await wire.read_to_end()


async def test_a_silent_tunnel_ends(sidecar, service):
    wire, _ = await tunnel(sidecar, service, upstream={"tunnel_idle": "200ms"})
    await wire.send(b"x")
    assert await wire.reader.readexactly(1) == b"X"
    assert await wire.read_to_end() in (b"", b"BYE")


@pytest.mark.parametrize(("end", "idle"), [("idle", "500ms"), ("done", "1h")])
async def test_a_service_that_does_not_read_keeps_no_connection_behind_its_tunnel(start, service, end, idle):
    async def run(reader, writer):
        await read_message(reader, bodiless=True)
        writer.write(SWITCH)
        writer.write_eof()
        writer.transport.pause_reading()
        await over.wait()

    over, service.script = asyncio.Event(), run
    instance = await start(service, upstream={"write_timeout": "300ms", "tunnel_idle": idle})
    wire = await Wire.open(int(instance.address.rpartition(":")[2]))
    await wire.ask(ASK, bodiless=True)
    (connection,) = instance.live.current.service._open
    async with asyncio.timeout(PATIENCE):
        while not connection.transport.get_write_buffer_size():
            wire.writer.write(bytes(10_000))
            await asyncio.sleep(0.001)
        if end == "done":
            wire.writer.write_eof()
        while connection.transport is not None:
            await asyncio.sleep(0.01)
    over.set()


async def test_tunnels_are_counted_and_told(start, service, caplog):
    switching_to()(service)
    instance = await start(service, log={"level": "debug"})
    caplog.set_level("DEBUG")
    wire = await Wire.open(int(instance.address.rpartition(":")[2]))
    await wire.ask(ASK, bodiless=True)
    await wire.send(b"hello")
    await wire.reader.readexactly(5)
    assert b"upload_sidecar_tunnels_open 1.0\n" in instance.metrics.render()[0]
    wire.writer.write_eof()
    assert await wire.read_to_end() == b"BYE"
    while b'upload_sidecar_tunnel_bytes_total{direction="down"} 8.0\n' not in (page := instance.metrics.render()[0]):
        await asyncio.sleep(0.01)
    assert b"upload_sidecar_tunnels_open 0.0\n" in page
    told = [record.fields["tunnel"] for record in caplog.records if "tunnel" in getattr(record, "fields", {})]
    assert [(each["up"], each["down"], each["end"]) for each in told] == [(5, 8, "done")]
    assert b'upload_sidecar_requests_total{code="101",method="GET",route="default"} 1.0\n' in page


async def test_a_drain_waits_for_a_tunnel_and_cuts_it_when_time_is_up(start, service):
    switching_to()(service)
    instance = await start(service, drain={"timeout": "300ms"})
    wire = await Wire.open(int(instance.address.rpartition(":")[2]))
    await wire.ask(ASK, bodiless=True)
    stopping = asyncio.ensure_future(instance.stop(accept_for=0))
    await wire.send(b"hello")
    assert await wire.reader.readexactly(5) == b"HELLO"
    assert await stopping == 1
    with contextlib.suppress(ConnectionResetError):
        assert await wire.read_to_end() in (b"", b"BYE")


async def test_a_side_that_does_not_read_holds_the_other_back(sidecar, service):
    taken = 0

    async def run(reader, writer):
        nonlocal taken
        await read_message(reader, bodiless=True)
        writer.write(SWITCH)
        while True:
            writer.write(bytes(65536))
            await writer.drain()
            taken += 65536

    service.script = run
    wire = await Wire.open(await sidecar(service))
    await wire.ask(ASK, bodiless=True)
    last = -1
    while taken != last:
        last = taken
        await asyncio.sleep(0.2)
    reset_now(wire.writer)
    assert taken < 24 * 1024 * 1024  # what the kernel's buffers of four sockets hold


@pytest.fixture
async def echo():
    """A real WebSocket server that sends back what it gets."""

    async def handler(connection):
        async for message in connection:
            await connection.send(message)

    async with serve(handler, "127.0.0.1", 0, max_size=None) as server:
        yield Echo(server.sockets[0].getsockname()[1])


class Echo:
    def __init__(self, port):
        self.url = f"http://127.0.0.1:{port}"


async def test_a_real_websocket_client_and_server_talk(sidecar, echo):
    port = await sidecar(echo)
    async with connect(f"ws://127.0.0.1:{port}/chat", max_size=None) as client:
        for message in ("text", b"bytes", bytes(range(256)) * 4096):
            await client.send(message)
            assert await client.recv() == message
        latency = await (await client.ping())
        assert latency < PATIENCE
    assert client.close_code == 1000


async def test_a_websocket_server_that_declines_is_heard(sidecar, service):
    service.answer = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno"
    port = await sidecar(service)
    with pytest.raises(websockets.InvalidStatus, match="403"):
        async with connect(f"ws://127.0.0.1:{port}/chat"):
            pass
