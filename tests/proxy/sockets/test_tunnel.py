"""Two lanes between two connections, on pairs of real sockets."""

import asyncio

import pytest
from aiohttp.base_protocol import BaseProtocol

from sidecar.proxy.sockets.raw import end_raw, raw_reader
from sidecar.proxy.sockets.tunnel import Lane, Tunnel, Tunnels


class End(BaseProtocol):
    """A connection of ours, and the peer's reader and writer."""

    def __init__(self):
        super().__init__(asyncio.get_running_loop())
        self.reader = None

    def connection_made(self, transport):
        super().connection_made(transport)
        self.reader = raw_reader(transport, b"")

    def data_received(self, data):
        self.reader.feed_data(data)

    def eof_received(self):
        self.reader.feed_eof()
        return True

    def connection_lost(self, exc):
        end_raw(self.reader, exc)
        super().connection_lost(exc)


@pytest.fixture
async def ends():
    loop, accepted, servers, made = asyncio.get_running_loop(), asyncio.Queue(), [], []

    async def accept(reader, writer):
        accepted.put_nowait((reader, writer))

    for _ in range(2):
        servers.append(await asyncio.start_server(accept, "127.0.0.1", 0))
        _, end = await loop.create_connection(End, *servers[-1].sockets[0].getsockname())
        made.append((end, *await accepted.get()))
    yield made
    for end, _, writer in made:
        writer.transport.abort()
        if end.transport is not None:
            end.transport.abort()
    for server in servers:
        server.close()


def tunnel_of(ends):
    (client, *_), (service, *_) = ends
    clock = asyncio.get_running_loop().time
    up, down = Lane(client.reader, client, service, clock), Lane(service.reader, service, client, clock)
    return Tunnel(up, down, clock)


async def test_it_is_done_when_both_sides_are(ends):
    (_, client_reads, client), (_, service_reads, service) = ends
    tunnel = tunnel_of(ends)
    running = asyncio.ensure_future(tunnel.run(10))
    client.write(b"hello")
    client.write_eof()
    assert await service_reads.read() == b"hello"
    assert not running.done()
    service.write(b"good-bye")
    service.write_eof()
    assert await client_reads.read() == b"good-bye"
    await running
    assert (tunnel.end, tunnel.up.moved, tunnel.down.moved) == ("done", 5, 8)


@pytest.mark.parametrize("side", [0, 1])
async def test_it_is_broken_when_one_side_resets(ends, side):
    tunnel = tunnel_of(ends)
    running = asyncio.ensure_future(tunnel.run(10))
    await asyncio.sleep(0)
    end_raw(ends[side][0].reader, ConnectionResetError())
    await running
    assert tunnel.end == "broken"


async def test_it_is_idle_when_neither_side_moves(ends):
    tunnel = tunnel_of(ends)
    await tunnel.run(0.05)
    assert tunnel.end == "idle"
    assert tunnel.seconds >= 0.05


async def test_one_moving_side_keeps_it_from_being_idle(ends):
    (_, _, client), (_, service_reads, _) = ends
    tunnel = tunnel_of(ends)
    running = asyncio.ensure_future(tunnel.run(0.2))
    for _ in range(6):
        client.write(b"x")
        await service_reads.readexactly(1)
        await asyncio.sleep(0.06)
    assert not running.done()
    running.cancel()
    await asyncio.wait({running})
    assert tunnel.end == "cut"


async def test_what_a_client_sent_before_it_left_is_still_carried(ends):
    (client, *_), (_, service_reads, _) = ends
    tunnel = tunnel_of(ends)
    running = asyncio.ensure_future(tunnel.run(10))
    await asyncio.sleep(0)
    client.reader.feed_data(b"last words")
    end_raw(client.reader, None)
    running.cancel()  # as the server does when a connection is lost
    await asyncio.wait({running})
    assert tunnel.end == "done"
    assert await service_reads.read() == b"last words"


async def test_a_client_that_left_is_not_waited_for_without_end(ends, monkeypatch):
    monkeypatch.setattr("sidecar.proxy.sockets.tunnel._FAREWELL", 0.05)
    (client, *_), _ = ends
    tunnel = tunnel_of(ends)
    running = asyncio.ensure_future(tunnel.run(10))
    await asyncio.sleep(0)
    client.reader.feed_data(b"x" * 64 * 1024 * 1024)  # more than sockets hold, and the service reads none of it
    end_raw(client.reader, None)
    running.cancel()
    await asyncio.wait({running})
    assert running.cancelled()
    assert tunnel.end == "broken"


async def test_no_task_is_left(ends):
    before = asyncio.all_tasks()
    running = asyncio.ensure_future(tunnel_of(ends).run(10))
    await asyncio.sleep(0)
    running.cancel()
    await asyncio.wait({running})
    assert asyncio.all_tasks() == before


def test_open_tunnels_are_counted_for_as_long_as_they_are():
    tunnels = Tunnels()
    with tunnels.one(), tunnels.one():
        assert tunnels.open == 2
    assert tunnels.open == 0
