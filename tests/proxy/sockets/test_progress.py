"""A peer is waited for as long as it takes some of what was written, on real sockets."""

import asyncio
import socket
import ssl

import pytest
from aiohttp.base_protocol import BaseProtocol

from sidecar.proxy.sockets.deadline import Deadline
from sidecar.proxy.sockets.progress import Taking, unsent
from sidecar.proxy.sockets.raw import drain
from tests.certificates import Authority

MUCH = bytes(10_000_000)


class Peer:
    """The other end, which takes only what it is told to."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock

    async def take(self, seconds: float) -> None:
        """Some bytes, again and again, for so long; far less than a buffer's worth."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while loop.time() < end:
            await loop.sock_recv(self.sock, 4096)
            await asyncio.sleep(0.02)


@pytest.fixture(params=[socket.AF_INET, socket.AF_UNIX], ids=["tcp", "unix"])
def pair(request):
    if request.param == socket.AF_UNIX:
        near, far = socket.socketpair()
    else:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            far = socket.socket()
            far.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
            far.connect(listening.getsockname())
            near = listening.accept()[0]
    far.setblocking(False)  # noqa: FBT003 - the name of the argument is not offered
    with near, far:
        yield near, far


@pytest.fixture
async def writing(pair):
    """A protocol whose peer has not taken all of what was written."""
    loop = asyncio.get_running_loop()
    transport, protocol = await loop.create_connection(lambda: BaseProtocol(loop), sock=pair[0])
    transport.write(MUCH)
    assert protocol.writing_paused
    yield protocol, Peer(pair[1])
    transport.abort()


def waiting(protocol, idle, min_rate=0.0):
    taking = Taking(protocol.transport, Deadline(idle, min_rate, float("inf")), written=len(MUCH))
    return asyncio.ensure_future(taking.over(drain(protocol)))


async def test_what_the_peer_has_not_got_is_counted_wherever_it_is(writing):
    protocol, peer = writing
    held = protocol.transport.get_write_buffer_size()
    before = unsent(protocol.transport)
    assert held < before
    async with asyncio.timeout(10):
        while unsent(protocol.transport) >= before:
            await peer.take(0.05)


async def test_nothing_is_asked_of_the_descriptor_of_a_closed_transport(writing):
    protocol, _ = writing
    transport = protocol.transport
    transport.abort()
    while protocol.transport is not None:
        await asyncio.sleep(0)
    assert unsent(transport) == transport.get_write_buffer_size()


async def test_a_peer_that_takes_a_little_again_and_again_is_waited_for(writing):
    protocol, peer = writing
    wait = waiting(protocol, 1.0)
    await peer.take(2.0)
    assert not wait.done() or wait.exception() is None
    wait.cancel()
    await asyncio.wait({wait})


async def test_a_peer_that_takes_nothing_any_more_is_not(writing):
    protocol, peer = writing
    wait = waiting(protocol, 0.3)
    await peer.take(0.5)
    await asyncio.wait({wait}, timeout=10)
    assert isinstance(wait.exception(), TimeoutError)


async def test_a_peer_that_takes_less_than_it_must_is_not(writing):
    protocol, peer = writing
    wait = waiting(protocol, 0.3, min_rate=10_000_000)
    taking = asyncio.ensure_future(peer.take(60))
    await asyncio.wait({wait}, timeout=10)
    assert isinstance(wait.exception(), TimeoutError)
    taking.cancel()
    await asyncio.wait({taking})


async def test_a_wait_that_ends_leaves_no_look_behind(writing, monkeypatch):
    protocol, _ = writing
    wait = waiting(protocol, 0.04)
    with pytest.raises(TimeoutError):
        await wait
    looks = []
    monkeypatch.setattr("sidecar.proxy.sockets.progress.unsent", looks.append)
    await asyncio.sleep(0.05)
    assert looks == []


async def test_a_peer_behind_tls_is_waited_for_alike(tmp_path):
    authority, loop = Authority(tmp_path), asyncio.get_running_loop()
    files = authority.write("peer.test")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(files["certificate"], files["key"])
    over = asyncio.Event()

    async def take(_reader, writer):
        writer.transport.pause_reading()
        await over.wait()
        writer.close()

    listening = socket.create_server(("127.0.0.1", 0))
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)  # or the kernel may take all of it
    server = await asyncio.start_server(take, sock=listening, ssl=context)
    trust = ssl.create_default_context(cafile=authority.path)
    transport, protocol = await loop.create_connection(
        lambda: BaseProtocol(loop), *server.sockets[0].getsockname(), ssl=trust, server_hostname="peer.test"
    )
    while not protocol.writing_paused:
        transport.write(MUCH)
    assert unsent(transport) > transport.get_write_buffer_size()
    with pytest.raises(TimeoutError):
        await waiting(protocol, 0.2)
    transport.abort()
    over.set()
    server.close()
