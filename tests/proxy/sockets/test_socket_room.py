"""What the kernel holds is bounded, whoever does not read."""

import asyncio
import fcntl
import socket
import struct
import termios

import pytest

from sidecar.proxy.sockets.socket_room import bound_unread, bound_unsent
from tests.waiting import until
from tests.wire import Wire

BOUND = 300_000
LARGE = b"HTTP/1.1 200 OK\r\nContent-Length: 20000000\r\n\r\n" + b"x" * 20_000_000


def waiting(sock, request: int) -> int:
    return struct.unpack("i", fcntl.ioctl(sock.fileno(), request, b"\0" * 4))[0]


@pytest.fixture
async def pair():
    """The two ends of a connection of which neither is read."""
    accepted = asyncio.get_running_loop().create_future()

    async def accept(_reader, writer):
        accepted.set_result(writer)
        writer.transport.pause_reading()

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    _, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    writer.transport.pause_reading()
    yield writer, await accepted
    for end in (writer, await accepted):
        end.transport.abort()
    server.close()
    await server.wait_closed()


async def test_what_is_sent_to_somebody_who_does_not_read_waits_outside_the_kernel(pair):
    writer, peer = pair
    bound_unsent(writer.transport)
    bound_unread(peer.get_extra_info("socket"))
    writer.write(b"x" * 8_000_000)
    for _ in range(50):
        await asyncio.sleep(0)
    sock = writer.get_extra_info("socket")
    assert (
        waiting(sock, termios.TIOCOUTQ) + waiting(peer.get_extra_info("socket"), termios.FIONREAD) < 1_000_000
    )  # left to itself, four times as much
    assert writer.transport.get_write_buffer_size() > 7_000_000


async def test_a_slow_reader_holds_little_of_the_kernel_on_either_side(start, service):
    service.answer = LARGE
    instance = await start(service)
    wire = await Wire.open(int(instance.address.rpartition(":")[2]))
    wire.writer.transport.pause_reading()
    await wire.send(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    (client,) = instance._server._connections.open
    await until(lambda: client.writing_paused)
    sock = client.transport.get_extra_info("socket")
    received_by_client = waiting(wire.writer.get_extra_info("socket"), termios.FIONREAD)
    assert waiting(sock, termios.TIOCOUTQ) < BOUND
    assert received_by_client > 0
    wire.reset()


async def test_a_unix_socket_is_left_alone():
    ours, theirs = socket.socketpair()
    _, writer = await asyncio.open_unix_connection(sock=ours)
    bound_unsent(writer.transport)
    writer.close()
    await writer.wait_closed()
    theirs.close()


def test_the_more_connections_there_are_the_less_is_received_for_each():
    sizes = []
    for connections in (1, 64, 500, 100_000):
        with socket.socket() as sock:
            bound_unread(sock, connections)
            sizes.append(sock.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF))
    assert sizes[0] == sizes[1] > sizes[2] > sizes[3] > 0
