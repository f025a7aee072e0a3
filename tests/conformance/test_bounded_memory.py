"""Whoever is slow holds the other side back, and not in our memory; on the event loop that operators run."""

import asyncio
import json
import signal

import pytest

from tests.e2e.process import SidecarProcess
from tests.wire import Wire, read_message

MIB = 1024 * 1024
LARGE = 200 * MIB
PIECE = bytes(256 * 1024)


@pytest.fixture
async def process(service, tmp_path):
    settings = {
        "mode": "enforce",
        "listen": "127.0.0.1:0",
        "admin": {"listen": "127.0.0.1:0"},
        "upstream": {"url": service.url},
        "spool": {"directory": str(tmp_path)},
        "log": {"level": "debug"},
    }
    path = tmp_path / "sidecar.yaml"
    path.write_text(json.dumps(settings))
    process = await SidecarProcess.start(path)
    yield process
    process.signal(signal.SIGTERM)
    await process.kill()


class Pace:
    """Counts what a sender could get rid of."""

    def __init__(self) -> None:
        self.moved = 0

    async def send(self, writer, size: int) -> None:
        while self.moved < size:
            writer.write(PIECE)
            await writer.drain()
            self.moved += len(PIECE)

    async def stalled(self) -> int:
        """What went before the sender was held back."""
        last = -1
        while self.moved != last or not last:
            last = self.moved
            await asyncio.sleep(0.2)
        return last


async def test_a_client_that_pauses_in_a_large_answer_holds_the_service_back(process, service):
    pace = Pace()

    async def stream(reader, writer):
        await read_message(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % LARGE)
        await pace.send(writer, LARGE)

    service.script = stream
    before, _ = process.resident()
    wire = await Wire.open(process.port)
    await wire.send(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    await wire.reader.readexactly(MIB)
    assert await pace.stalled() < LARGE // 2
    assert process.resident()[1] - before < 8 * MIB
    while await wire.reader.read(MIB) and pace.moved < LARGE:
        pass
    assert process.resident()[1] - before < 8 * MIB
    wire.reset()


async def test_a_service_that_reads_slowly_holds_the_client_back(process, service):
    go_on, pace = asyncio.Event(), Pace()

    async def read_late(reader, writer):
        await reader.readexactly(MIB)
        await go_on.wait()
        left = LARGE
        while left > 0 and (data := await reader.read(MIB)):
            left -= len(data)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    service.script = read_late
    before, _ = process.resident()
    wire = await Wire.open(process.port)
    head = b"PUT /large HTTP/1.1\r\nHost: a\r\nContent-Type: application/octet-stream\r\nContent-Length: %d\r\n\r\n"
    wire.writer.write(head % LARGE)
    sending = asyncio.ensure_future(pace.send(wire.writer, LARGE))
    assert await pace.stalled() < LARGE // 2
    assert process.resident()[1] - before < 8 * MIB
    go_on.set()
    await sending
    assert process.resident()[1] - before < 8 * MIB
    wire.reset()


async def test_a_tunnel_keeps_no_more_than_its_buffers(process, service):
    pace = Pace()

    async def flood(reader, writer):
        await read_message(reader, bodiless=True)
        writer.write(b"HTTP/1.1 101 OK\r\nConnection: Upgrade\r\nUpgrade: flood\r\n\r\n")
        await pace.send(writer, LARGE)

    service.script = flood
    before, _ = process.resident()
    wire = await Wire.open(process.port)
    ask = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: flood\r\n\r\n"
    assert (await wire.ask(ask, bodiless=True)).status == 101
    await wire.reader.readexactly(MIB)
    assert await pace.stalled() < LARGE // 2
    assert process.resident()[1] - before < 8 * MIB
    wire.reset()
    told = await process.logged("request")
    assert told["tunnel"]["end"] == "broken"


async def test_events_arrive_one_by_one_without_delay(process, service):
    asked = asyncio.Queue()

    async def events(reader, writer):
        await read_message(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
        while True:
            writer.write(b"data: %d\n\n" % await asked.get())

    service.script = events
    wire = await Wire.open(process.port)
    await wire.send(b"GET /events HTTP/1.1\r\nHost: a\r\n\r\n")
    loop = asyncio.get_running_loop()
    delays = []
    for number in range(50):
        began = loop.time()
        asked.put_nowait(number)
        await wire.reader.readuntil(b"data: %d\n\n" % number)
        delays.append(loop.time() - began)
    assert sorted(delays)[10] < 0.05  # a busy machine delays others
    wire.reset()
