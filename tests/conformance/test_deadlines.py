"""Nobody is waited for without end: each silence has its limit, and its answer."""

import asyncio
import json
import re
import socket
import time

import pytest

from tests.wire import OK, PNG, Wire, form, post, read_message

HEAD = post(b"").replace(b"Content-Length: 0", b"Content-Length: 100000")
GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


async def code_of(wire):
    answer = await wire.read()
    return answer.status, json.loads(answer.body)["code"]


async def test_a_head_in_pieces_is_answered_408(sidecar, service):
    wire = await Wire.open(await sidecar(service, client={"head_timeout": "100ms"}))
    await wire.send(b"GET / HT")
    assert await code_of(wire) == (408, "head_too_slow")


async def test_the_head_after_an_answer_has_its_deadline_too(sidecar, service):
    wire = await Wire.open(await sidecar(service, client={"head_timeout": "100ms"}))
    assert (await wire.ask(GET)).status == 200
    await wire.send(b"GET / HT")
    assert await code_of(wire) == (408, "head_too_slow")


async def test_drips_do_not_prolong_a_head(sidecar, service):
    wire = await Wire.open(await sidecar(service, client={"head_timeout": "200ms"}))

    async def drip():
        for byte in GET:
            wire.writer.write(bytes([byte]))
            await asyncio.sleep(0.02)

    dripping = asyncio.ensure_future(drip())
    assert await code_of(wire) == (408, "head_too_slow")
    dripping.cancel()


async def test_a_silent_body_is_answered_408(sidecar, service):
    wire = await Wire.open(await sidecar(service, client={"idle_timeout": "100ms", "linger_timeout": "100ms"}))
    await wire.send(HEAD + b"--X\r\n")
    assert await code_of(wire) == (408, "body_too_slow")
    assert service.connections == 0


async def test_a_body_that_was_too_slow_is_told_how_long_it_was_waited_for(sidecar, service):
    wire = await Wire.open(await sidecar(service, client={"idle_timeout": "300ms", "linger_timeout": "100ms"}))
    await wire.send(HEAD + b"--X\r\n")
    told = re.fullmatch(r"5 bytes in ([0-9.]+) s", json.loads((await wire.read()).body)["actual"])
    assert float(told[1]) >= 0.3


async def test_a_body_that_drips_is_answered_408(sidecar, service):
    limits = {"idle_timeout": "200ms", "min_rate": "100KiB", "linger_timeout": "100ms"}
    wire = await Wire.open(await sidecar(service, client=limits))
    await wire.send(HEAD + b"--X\r\n")

    async def drip():
        while True:
            wire.writer.write(b"-")
            await asyncio.sleep(0.02)

    dripping = asyncio.ensure_future(drip())
    assert await code_of(wire) == (408, "body_too_slow")
    dripping.cancel()


async def test_a_body_has_a_hard_cap_however_steady(sidecar, service):
    limits = {"max_duration": "200ms", "min_rate": 0, "linger_timeout": "100ms"}
    wire = await Wire.open(await sidecar(service, client=limits))
    await wire.send(HEAD + b"--X\r\n")

    async def flow():
        while True:
            wire.writer.write(b"-" * 10)
            await asyncio.sleep(0.01)

    flowing = asyncio.ensure_future(flow())
    assert await code_of(wire) == (408, "body_too_slow")
    flowing.cancel()


async def test_a_service_that_does_not_accept_connections_gives_502(sidecar, service):
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        crowd = [socket.socket() for _ in range(4)]
        for one in crowd:
            one.setblocking(False)  # noqa: FBT003 - the name of the argument is not offered
            one.connect_ex(full.getsockname())
        url = f"http://127.0.0.1:{full.getsockname()[1]}"
        port = await sidecar(service, upstream={"url": url, "connect_timeout": "200ms"})
        wire = await Wire.open(port)
        await wire.send(GET)
        assert await code_of(wire) == (502, "upstream_unreachable")
        for one in crowd:
            one.close()


@pytest.mark.parametrize("mode", ["off", "enforce"])
async def test_a_service_that_stops_reading_gives_504(sidecar, service, mode):
    async def deaf(reader, writer):
        await asyncio.sleep(30)

    service.script = deaf
    wire = await Wire.open(
        await sidecar(service, upstream={"write_timeout": "200ms"}, client={"linger_timeout": "100ms"}, mode=mode)
    )
    body = form(("f", "a.txt", "text/plain", b"text\n" * 6_000_000))
    sending = asyncio.ensure_future(wire.send(post(body)))
    assert await code_of(wire) == (504, "upstream_stalled")
    sending.cancel()
    await asyncio.wait({sending})


async def test_a_service_that_reads_slowly_and_steadily_gets_all_of_an_upload(sidecar, service):
    """No wait for room ends before the service took 64 KB, which it does in twice the longest silence."""

    async def read_slowly(reader, writer):
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
        while len(await reader.read(4096)) == 4096:
            await asyncio.sleep(0.03)
        writer.write(OK)
        writer.close()

    server = await asyncio.start_server(read_slowly, "127.0.0.1", 0, limit=4096)  # which reads no more ahead
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    wire = await Wire.open(await sidecar(service, upstream={"url": url, "write_timeout": "250ms"}))
    await wire.send(post(form(("f", "a.txt", "text/plain", b"text\n" * 60_000))))
    assert (await wire.read()).status == 200
    server.close()


async def test_a_service_that_does_not_answer_gives_504(sidecar, service):
    async def mute(reader, writer):
        await read_message(reader)
        await reader.read()

    service.script = mute
    wire = await Wire.open(await sidecar(service, upstream={"answer_timeout": "200ms"}))
    await wire.send(post(form(("a", "a.png", "image/png", PNG))))
    assert await code_of(wire) == (504, "upstream_timeout")


@pytest.mark.parametrize("size", [10, 300_000], ids=["at once", "both ways"])
async def test_interim_answers_of_a_service_at_work_are_signs_of_life(sidecar, service, size):
    async def work(reader, writer):
        await read_message(reader)
        for _ in range(8):
            writer.write(b"HTTP/1.1 102 Processing\r\n\r\n")
            await asyncio.sleep(0.2)
        writer.write(OK)

    service.script = work
    wire = await Wire.open(await sidecar(service, upstream={"answer_timeout": "1s"}))
    await wire.send(post(form(("a", "a.txt", "text/plain", b"text\n" * (size // 5)))))
    assert (await wire.read()).status == 200


@pytest.mark.parametrize("size", [10, 300_000], ids=["at once", "both ways"])
async def test_interim_answers_without_end_are_no_answer(sidecar, service, size):
    async def work_for_ever(reader, writer):
        await read_message(reader)
        while True:
            writer.write(b"HTTP/1.1 102 Processing\r\n\r\n")
            await writer.drain()
            await asyncio.sleep(0.005)

    service.script = work_for_ever
    wire = await Wire.open(await sidecar(service, upstream={"answer_timeout": "200ms"}))
    await wire.send(post(form(("a", "a.txt", "text/plain", b"text\n" * (size // 5)))))
    assert await code_of(wire) == (504, "upstream_timeout")


async def test_a_service_silent_in_its_answer_cuts_it_with_a_reset(sidecar, service):
    async def half(reader, writer):
        await read_message(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
        await reader.read()

    service.script = half
    wire = await Wire.open(await sidecar(service, upstream={"read_timeout": "200ms"}))
    await wire.send(GET)
    with pytest.raises(ConnectionResetError):
        await wire.read_to_end()


async def _slow_reader(port: int) -> socket.socket:
    """A client that asks and hardly has room for what it asked for."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.setblocking(False)  # noqa: FBT003 - the name of the argument is not offered
    loop = asyncio.get_running_loop()
    await loop.sock_connect(client, ("127.0.0.1", port))
    await loop.sock_sendall(client, GET)
    return client


async def _is_reset(client: socket.socket, pace: float) -> None:
    loop = asyncio.get_running_loop()
    with pytest.raises(ConnectionResetError):  # noqa: PT012 - whichever read meets it
        async with asyncio.timeout(10):
            while await loop.sock_recv(client, 4096):
                await asyncio.sleep(pace)
    client.close()


async def test_a_client_that_does_not_read_is_reset(start, service):
    service.answer = b"HTTP/1.1 200 OK\r\nContent-Length: 30000000\r\n\r\n" + b"x" * 30_000_000
    instance = await start(service, client={"write_timeout": "200ms"})
    client = await _slow_reader(int(instance.address.rpartition(":")[2]))
    async with asyncio.timeout(10):
        while not instance._in_flight():
            await asyncio.sleep(0.01)
        while instance._in_flight():
            await asyncio.sleep(0.01)
    await _is_reset(client, 0)


async def test_a_client_that_reads_slowly_and_steadily_is_served_on(start, service):
    """No wait for room ends before the client took 100 KB, which it does in four times the longest silence."""
    service.answer = b"HTTP/1.1 200 OK\r\nContent-Length: 30000000\r\n\r\n" + b"x" * 30_000_000
    instance = await start(service, client={"write_timeout": "250ms"})
    loop, began, received = asyncio.get_running_loop(), time.monotonic(), 0
    with await _slow_reader(int(instance.address.rpartition(":")[2])) as client:
        while time.monotonic() - began < 2:
            received += len(await loop.sock_recv(client, 2048))
            await asyncio.sleep(0.02)
        assert instance._in_flight()
    assert received < 250_000


async def test_a_client_that_reads_under_the_rate_is_reset(start, service):
    service.answer = b"HTTP/1.1 200 OK\r\nContent-Length: 30000000\r\n\r\n" + b"x" * 30_000_000
    instance = await start(service, client={"write_timeout": "300ms", "min_rate": "100MiB"})
    client = await _slow_reader(int(instance.address.rpartition(":")[2]))
    await _is_reset(client, 0.02)


async def test_behind_a_refusal_only_so_many_bytes_are_read(sidecar, service):
    wire = await Wire.open(await sidecar(service, client={"linger_bytes": "1MiB"}))
    opening = form(("f", "shell.php", "image/png", b"|")).split(b"|")[0]
    sent = 0
    with pytest.raises(ConnectionError):  # noqa: PT012 - whichever write meets it
        await wire.send(post(b"").replace(b"Content-Length: 0", b"Content-Length: 60000000") + opening)
        while sent < 50_000_000:
            await wire.send(b"x" * 100_000)
            sent += 100_000
    assert sent < 20_000_000


async def test_behind_a_refusal_is_read_only_for_so_long(sidecar, service):
    wire = await Wire.open(await sidecar(service, client={"linger_timeout": "200ms"}))
    opening = form(("f", "shell.php", "image/png", b"|")).split(b"|")[0]
    await wire.send(post(b"").replace(b"Content-Length: 0", b"Content-Length: 60000000") + opening)
    assert (await wire.read()).status == 422
    with pytest.raises(ConnectionError):  # noqa: PT012 - whichever write meets it
        async with asyncio.timeout(5):
            while True:
                await wire.send(b"x")
                await asyncio.sleep(0.02)


async def test_what_follows_a_malformed_chunk_does_not_take_the_answer_away(sidecar, service):
    wire = await Wire.open(await sidecar(service))
    await wire.send(HEAD.replace(b"Content-Length: 100000", b"Transfer-Encoding: chunked") + b"4\r\n--XB\r\nzz\r\n")
    while not wire.reader._buffer:  # the answer is here, and there is more to send
        await asyncio.sleep(0.001)
    for _ in range(50):
        await wire.send(b"x" * 65536)
    assert await code_of(wire) == (400, "body_framing")


async def test_what_follows_a_malformed_head_does_not_take_the_answer_away(sidecar, service):
    wire = await Wire.open(await sidecar(service))
    await wire.send(b"GET / HTTP/1.1\r\nBad Header\r\n\r\n" + b"x" * 5_000_000)
    assert (await wire.read()).status == 400
