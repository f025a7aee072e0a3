"""However many connect to a port for operators, few stay, and whoever asks is answered."""

import asyncio
import socket

import pytest
from aiohttp import ClientSession

from sidecar.admin.few_connections import MOST, FewConnections
from sidecar.admin.server import AdminServer
from sidecar.policy.settings.model import Client
from sidecar.proxy.downstream.received import Sent
from tests.waiting import until

ANSWER = b"HTTP/1.1 204 No Content\r\n\r\n"
GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


class Port:
    """Answers once it may."""

    def __init__(self):
        self.may_answer = asyncio.Event()
        self.serving = 0
        self.writers = []
        self.connections = FewConnections(
            self.handle, lambda *_: b"", lambda: Client(head_timeout=60, keep_alive=60, min_rate=0)
        )

    async def handle(self, received):
        self.serving += 1
        await self.may_answer.wait()
        received.connection.transport.write(ANSWER)
        return Sent(keep_alive=True)

    async def start(self):
        self.listening = await asyncio.get_running_loop().create_server(self.connections, "127.0.0.1", 0)
        return self

    async def connect(self, sent=b""):
        reader, writer = await asyncio.open_connection(*self.listening.sockets[0].getsockname())
        self.writers.append(writer)
        if sent:
            writer.write(sent)
        await asyncio.sleep(0.02)  # until it is there, and whoever made room is gone
        return reader


@pytest.fixture
async def port():
    made = await Port().start()
    yield made
    made.listening.close()
    for writer in made.writers:
        writer.transport.abort()
    await made.connections.shutdown(0.1)


async def test_whoever_has_waited_longest_makes_room(port):
    port.may_answer.set()
    kept = await port.connect(GET)
    assert await kept.readexactly(len(ANSWER)) == ANSWER
    silent = [await port.connect(sent) for sent in (b"", b"GET / HT", *[b""] * 13)]
    assert port.connections._count == 16
    newest = await port.connect(GET)
    assert await newest.readexactly(len(ANSWER)) == ANSWER
    assert await kept.read() == b""
    assert port.connections._count == 16
    assert not any(reader.at_eof() for reader in silent)
    await port.connect()
    assert await silent[0].read() == b""


async def test_whoever_is_served_is_not_ended_and_one_too_many_is_reset(port):
    served = [await port.connect(GET) for _ in range(MOST)]
    await until(lambda: port.serving == MOST)
    late = await port.connect()
    with pytest.raises(ConnectionResetError):
        await late.read()
    port.may_answer.set()
    for reader in served:
        assert await reader.readexactly(len(ANSWER)) == ANSWER
    await port.connect()
    assert port.connections._count < MOST
    newest = await port.connect(GET)
    assert await newest.readexactly(len(ANSWER)) == ANSWER


async def test_a_crowd_that_comes_at_once_does_not_end_the_latest(port):
    port.may_answer.set()
    pairs = [socket.socketpair() for _ in range(MOST)]
    loop = asyncio.get_running_loop()
    await asyncio.gather(*(loop.connect_accepted_socket(port.connections, far) for _, far in pairs))
    await asyncio.sleep(0.05)
    for near, _ in pairs[:-16]:
        near.settimeout(0)
        assert near.recv(1) == b""
    for near, _ in pairs[-16:]:
        near.settimeout(0)
        with pytest.raises(BlockingIOError):
            near.recv(1)
    for near, _ in pairs:
        near.close()


async def test_a_crowd_that_says_nothing_keeps_no_probe_out(state):
    server = AdminServer(state)
    host, _, number = (await server.start("127.0.0.1:0")).rpartition(":")
    crowd = [await asyncio.open_connection(host, int(number)) for _ in range(100)]
    async with ClientSession() as session:
        for _ in range(3):
            async with session.get(f"http://{host}:{number}/healthz") as answer:
                assert answer.status == 200
    assert server._port._connections._count <= MOST
    for _, writer in crowd:
        writer.transport.abort()
    await server.close()
