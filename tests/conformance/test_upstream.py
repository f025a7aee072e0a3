"""The service's side: early answers kept, retries only where they are safe, nothing planted, nothing piled up."""

import asyncio
import socket

import pytest

from sidecar.proxy.sockets.closing import reset
from tests.wire import OK, PATIENCE, Service, Wire, form, post, read_message

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
EARLY = b"HTTP/1.1 413 Too Large\r\nContent-Length: 5\r\n\r\nlarge"
BODY = 1_500_000


@pytest.mark.parametrize("mode", ["off", "enforce"])
async def test_an_early_refusal_of_a_service_that_then_resets_is_never_lost(sidecar, service, mode):
    async def refuse_and_reset(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(EARLY)
        await writer.drain()
        reset(writer.transport)

    service.script = refuse_and_reset
    port = await sidecar(service, mode=mode)
    upload = post(form(("f", "a.txt", "text/plain", b"text\n" * (BODY // 5))))

    async def status() -> int:
        wire = await Wire.open(port)
        sending = asyncio.ensure_future(wire.send(upload))
        answer = await wire.read()
        wire.reset()
        await asyncio.gather(sending, return_exceptions=True)
        return answer.status

    assert [await status() for _ in range(100)] == [413] * 100


@pytest.mark.parametrize("answer", [OK, b"\x00garbage", b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nplanted"])
async def test_what_a_service_says_while_idle_is_nobodys_answer(sidecar, service, answer):
    """The planted bytes are on the connection before the next request: whether the event loop has read them or not."""

    async def plant(reader, writer):
        service.note(await read_message(reader))
        writer.write(OK)
        await writer.drain()
        writer.write(answer)
        await writer.drain()
        planted.set()
        await reader.read()

    planted = asyncio.Event()
    service.script = plant
    wire = await Wire.open(await sidecar(service))
    for turn in range(1, 20):
        planted.clear()
        assert (await wire.ask(GET)).body == b"ok"
        await planted.wait()
        assert service.connections == turn


async def test_a_space_before_a_colon_hides_no_field_of_one_hop(sidecar, service):
    wire = await Wire.open(await sidecar(service))
    service.answer = b"HTTP/1.1 200 OK\r\nConnection : X-Internal\r\nX-Internal: s\r\nContent-Length: 2\r\n\r\nok"
    assert b"nternal" not in (await wire.ask(GET)).head


@pytest.mark.parametrize(
    "fields", [b"Location: /?" + b"a" * 60_000 + b"\r\n", b"X-A: b\r\n" * 250], ids=["long", "many"]
)
async def test_an_answer_with_a_large_head_passes(sidecar, service, fields):
    service.answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n" + fields + b"\r\nok"
    answer = await (await Wire.open(await sidecar(service, mode="off"))).ask(GET)
    assert answer.status == 200
    assert fields in answer.head


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (b"Location: /?" + b"a" * 70_000 + b"\r\n", b"a line of more than 65536 bytes"),
        (b"X-A: b\r\n" * 300, b"more than 256 header fields"),
    ],
    ids=["long", "many"],
)
async def test_an_answer_with_too_large_a_head_is_refused_with_the_limit(sidecar, service, fields, said):
    service.answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n" + fields + b"\r\nok"
    answer = await (await Wire.open(await sidecar(service, mode="off"))).ask(GET)
    assert answer.status == 502
    assert said in answer.body


UPLOAD = post(form(("f", "a.txt", "text/plain", b"text")))


@pytest.mark.parametrize(("reuse", "connections"), [("reads", 3), ("all", 1)])
async def test_uploads_share_a_connection_only_where_the_settings_say_so(sidecar, service, reuse, connections):
    wire = await Wire.open(await sidecar(service, upstream={"reuse": reuse}))
    for _ in range(3):
        assert (await wire.ask(UPLOAD)).status == 200
    assert service.connections == connections
    assert len(service.complete_requests) == 3


async def test_an_upload_on_a_connection_that_dies_under_it_is_sent_once_and_told_as_unknown(sidecar, service):
    async def die_at_the_second(reader, writer):
        service.note(await read_message(reader))
        writer.write(OK)
        await writer.drain()
        if (second := await read_message(reader)) is not None:
            service.note(second)
        reset(writer.transport)

    service.script = die_at_the_second
    wire = await Wire.open(await sidecar(service))
    assert (await wire.ask(UPLOAD)).status == 200
    answer = await wire.ask(UPLOAD)
    assert (answer.status, b'"retry": "unknown"' in answer.body) == (502, True)
    assert len(service.requests) == 2


async def test_a_service_that_gave_a_connection_up_at_once_gets_uploads_on_fresh_ones(sidecar, service):
    async def close_behind_the_first(reader, writer):
        service.note(await read_message(reader))
        writer.write(OK)
        await writer.drain()
        if service.connections == 1:
            writer.close()
        else:
            await service._answer_all(reader, writer)

    service.script = close_behind_the_first
    wire = await Wire.open(await sidecar(service))
    for turn in range(1, 6):
        assert (await wire.ask(UPLOAD)).status == 200
        assert service.connections == turn
    assert len(service.complete_requests) == 5
    assert (await wire.ask(GET)).status == 200
    assert service.connections == 5  # what can be sent again may still try


async def metric(instance, name):
    lines = instance.metrics.render()[0].decode().splitlines()
    return {line.rpartition(" ")[0].partition("{")[2].strip("}"): float(line.rpartition(" ")[2])
            for line in lines if line.startswith(f"upload_sidecar_{name}")}  # fmt: skip


def port_of(instance):
    return int(instance.address.rpartition(":")[2])


async def test_a_stale_connection_is_replaced_for_a_request_that_may_be_repeated(start, service):
    async def die_at_the_second(reader, writer):
        service.note(await read_message(reader))
        writer.write(OK)
        await reader.readuntil(b"\r\n\r\n")
        writer.close()

    service.script = die_at_the_second
    instance = await start(service)
    wire = await Wire.open(port_of(instance))
    for _ in range(4):
        assert (await wire.ask(GET)).status == 200
    assert (await metric(instance, "upstream_retries_total"))['reason="stale"'] == 3


@pytest.mark.parametrize("method", [b"POST", b"DELETE", b"PATCH"])
async def test_a_request_that_may_have_been_acted_on_is_sent_once(start, service, method):
    async def take_and_die(reader, writer):
        service.note(await read_message(reader))
        writer.close()

    service.script = take_and_die
    instance = await start(service)
    wire = await Wire.open(port_of(instance))
    answer = await wire.ask(method + b" / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi")
    assert answer.status == 502
    assert b'"retry": "unknown"' in answer.body
    assert service.connections == 1
    assert set((await metric(instance, "upstream_retries_total")).values()) == {0}


async def test_a_service_that_comes_back_is_reached_by_a_held_upload(start, service):
    await service.stop()
    instance = await start(service)
    wire = await Wire.open(port_of(instance))
    asking = asyncio.ensure_future(wire.ask(post(form(("f", "a.txt", "text/plain", b"hello")))))
    while not (told := await metric(instance, "upstream_retries_total"))['reason="unreachable"'] and not asking.done():
        await asyncio.sleep(0.005)
        if instance._server.in_flight:
            break
    again = await Service(port=service.port).start()
    try:
        assert (await asking).status == 200
    finally:
        await again.stop()
    assert told is not None
    assert len(again.requests) == 1


@pytest.mark.parametrize("retries", [0, 1, 3])
async def test_attempts_to_connect_are_bounded_and_counted(start, service, retries):
    await service.stop()
    instance = await start(service, upstream={"retries": retries})
    wire = await Wire.open(port_of(instance))
    assert (await wire.ask(GET)).status == 502
    assert (await metric(instance, "upstream_retries_total"))['reason="unreachable"'] == retries


async def test_without_retries_no_connection_serves_twice(sidecar, service):
    wire = await Wire.open(await sidecar(service, upstream={"retries": 0}))
    for _ in range(3):
        assert (await wire.ask(GET)).status == 200
    assert service.connections == 3


async def test_idle_connections_are_closed_in_time(sidecar, service, monkeypatch):
    monkeypatch.setattr("sidecar.proxy.upstream.service._IDLE_SECONDS", 0.1)
    ended = asyncio.Event()

    async def answer_to_the_end(reader, writer):
        while await read_message(reader):
            writer.write(OK)
        ended.set()
        writer.close()

    service.script = answer_to_the_end
    wire = await Wire.open(await sidecar(service))
    assert (await wire.ask(GET)).status == 200
    async with asyncio.timeout(PATIENCE):
        await ended.wait()


async def test_a_service_at_a_unix_socket_is_reached(sidecar, tmp_path):
    service = Service()
    path = tmp_path / "app.sock"
    server = await asyncio.start_unix_server(service._serve, path)
    wire = await Wire.open(await sidecar(Unix(f"unix://{path}"), upstream={"reuse": "reads"}))
    for _ in range(2):
        assert (await wire.ask(GET)).status == 200
    answer = await wire.ask(post(form(("f", "a.txt", "text/plain", b"hello"))))
    assert answer.status == 200
    assert service.connections == 2
    server.close()


class Unix:
    def __init__(self, url):
        self.url = url


async def test_clients_reach_a_unix_socket(start, service, tmp_path):
    path = tmp_path / "in.sock"
    with socket.socket(socket.AF_UNIX) as left_over:
        left_over.bind(str(path))
    await start(service, listen=f"unix://{path}")
    reader, writer = await asyncio.open_unix_connection(path)
    writer.write(GET)
    assert (await read_message(reader)).status == 200
    writer.close()


async def test_an_answer_and_a_body_go_at_once_in_both_directions(sidecar, service):
    async def echo(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n")
        for _ in range(3):
            writer.write(await reader.readexactly(2))

    service.script = echo
    wire = await Wire.open(await sidecar(service))
    await wire.send(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\n")
    async with asyncio.timeout(PATIENCE):
        await wire.reader.readuntil(b"\r\n\r\n")
        for word in (b"ab", b"cd", b"ef"):
            await wire.send(word)
            assert await wire.reader.readexactly(2) == word


async def test_a_body_that_breaks_while_the_answer_comes_ends_both(sidecar, service):
    ended = asyncio.Event()

    async def answer_early_and_wait(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n")
        try:
            await reader.read()
        except ConnectionError:
            ended.set()

    service.script = answer_early_and_wait
    wire = await Wire.open(await sidecar(service))
    await wire.send(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
    await wire.reader.readuntil(b"ok\r\n")
    await wire.send(b"nonsense\r\n")
    with pytest.raises(ConnectionError):
        assert await wire.read_to_end() is None
    async with asyncio.timeout(PATIENCE):
        await ended.wait()


@pytest.mark.parametrize("at", ["head", "body", "answer", "mid-answer"])
async def test_a_client_that_leaves_leaves_no_task_and_no_connection_behind(sidecar, service, at, monkeypatch):
    monkeypatch.setattr("sidecar.proxy.downstream.connection._HALF_CLOSED", 0.2)  # it may only have closed its half
    gone, reached = asyncio.Event(), asyncio.Event()

    async def run(reader, writer):
        try:
            await reader.readuntil(b"\r\n\r\n")
            if at == "mid-answer":
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort")
            reached.set()
            await reader.read()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        gone.set()
        writer.close()

    service.script = run
    port = await sidecar(service)
    before = asyncio.all_tasks()
    wire = await Wire.open(port)
    requests = {"head": b"GET / HT", "body": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nxx"}
    await wire.send(requests.get(at, GET))
    async with asyncio.timeout(PATIENCE):
        if at != "head":
            await reached.wait()
        wire.reset()
        if at != "head":
            await gone.wait()
        while left := asyncio.all_tasks() - before:
            await asyncio.wait(left, timeout=0.05)
