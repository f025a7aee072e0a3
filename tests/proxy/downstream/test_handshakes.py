"""Handshakes on real sockets, by both event loops: counted from the first moment, ended in time, and no byte lost."""

import asyncio
import contextlib
import socket
import ssl

import pytest
import uvloop

from sidecar.policy.settings.model import Client as ClientSettings
from sidecar.policy.settings.model import Tls
from sidecar.proxy.downstream.connections import Connections
from sidecar.proxy.downstream.gate import TurnedAway
from sidecar.proxy.downstream.handshakes import Handshakes
from sidecar.proxy.downstream.received import Sent
from sidecar.proxy.sockets import tls
from tests.certificates import Authority
from tests.waiting import until

GET = b"GET /%d HTTP/1.1\r\nHost: a\r\n\r\n"
ANSWER = b"HTTP/1.1 204 No Content\r\n\r\n"
BUSY = b"HTTP/1.1 503 Busy\r\n\r\n"


class Gate:
    """Lets so many in."""

    def __init__(self, most=1000):
        self.most, self.inside, self.told, self.answer = most, 0, 0, BUSY

    def entered(self):
        if self.inside < self.most:
            self.inside += 1
            return None
        self.told += 1
        return TurnedAway(self.answer, self._gone)

    def _gone(self):
        self.told -= 1

    def left(self):
        self.inside -= 1


class Server:
    """Answers at once."""

    def __init__(self, context):
        self.gate = Gate()
        self.writers = []
        self.patience = ClientSettings(head_timeout=0.4, keep_alive=5, min_rate=0)
        self.connections = Connections(self.handle, lambda *_: b"", lambda: self.patience, self.gate)
        self.handshakes = Handshakes(self.connections, context)

    async def handle(self, received):
        await received.body.read()
        received.connection.transport.write(ANSWER)
        return Sent(keep_alive=True)

    async def __aenter__(self):
        loop = asyncio.get_running_loop()
        self.listening = await loop.create_server(self.handshakes, "127.0.0.1", 0)
        self.port = self.listening.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_):
        self.listening.close()
        for writer in self.writers:
            writer.transport.abort()
        await self.connections.shutdown(0.1)
        await until(lambda: (self.gate.inside, self.gate.told, self.handshakes.strangers) == (0, 0, 0))

    async def silent(self):
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        self.writers.append(writer)
        return reader, writer


class Client:
    """TLS by hand, so that a test says which bytes go together."""

    def __init__(self, context):
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.incoming, self.outgoing, server_hostname="sidecar.test")
        self.received = b""

    async def shake(self, reader, writer, *, pieces=0, behind=b""):
        """Shake hands; what is `behind` goes in one packet with the end of it."""
        while True:
            try:
                self.tls.do_handshake()
            except ssl.SSLWantReadError:
                await self.send(writer, pieces)
                self.incoming.write(await reader.read(65536))
            else:
                break
        self.tls.write(behind)
        await self.send(writer, pieces)

    async def send(self, writer, pieces):
        data = self.outgoing.read()
        for at in range(0, len(data), pieces or len(data) or 1):
            writer.write(data[at : at + (pieces or len(data))])
            await asyncio.sleep(0)

    async def read(self, reader, size):
        while len(self.received) < size:
            try:
                self.received += self.tls.read(65536)
            except ssl.SSLWantReadError:
                data = await reader.read(65536)
                if not data:
                    break
                self.incoming.write(data)
        return self.received


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def files(authority):
    return authority.write("sidecar.test")


@pytest.fixture
def trusting(authority):
    return ssl.create_default_context(cafile=authority.path)


@pytest.fixture(params=[uvloop.new_event_loop, asyncio.new_event_loop], ids=["uvloop", "asyncio"])
def run(request, files):
    """Runs a test with a server."""

    async def with_server(promise):
        async with Server(tls.for_clients(Tls(**files)).context) as server:
            await promise(server)

    def run(promise):
        with asyncio.Runner(loop_factory=request.param) as runner:
            runner.run(with_server(promise))

    return run


@pytest.mark.parametrize("pieces", [0, 1, 100])
def test_what_comes_behind_a_handshake_is_served_however_the_bytes_are_cut(run, trusting, pieces):
    async def promise(server):
        server.patience = ClientSettings(head_timeout=5, keep_alive=5, min_rate=0)
        for _ in range(5):
            reader, writer = await server.silent()
            client = Client(trusting)
            await client.shake(reader, writer, pieces=pieces, behind=(GET % 1) * 3)
            assert await client.read(reader, 3 * len(ANSWER)) == 3 * ANSWER
            writer.close()

    run(promise)


def test_clients_that_say_nothing_are_counted_and_ended_in_their_time(run):
    async def promise(server):
        server.gate.most = 3
        wires = [await server.silent() for _ in range(150)]
        await until(lambda: server.gate.inside == 3 and server.gate.told <= 100)
        assert not [each for each in server.connections.handshakes if each.task is not None]
        for reader, _ in wires:
            with contextlib.suppress(ConnectionError):
                assert await asyncio.wait_for(reader.read(), 10) == b""
        await until(lambda: server.gate.inside == server.gate.told == 0)

    run(promise)


@pytest.mark.parametrize("begun", [b"\x16\x03\x01\x02\x00\x01", b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"])
def test_clients_that_do_not_end_their_handshake_are_ended(run, begun):
    async def promise(server):
        for _ in range(3):
            reader, writer = await server.silent()
            writer.write(begun)
            with contextlib.suppress(ConnectionError):
                assert b"HTTP" not in await asyncio.wait_for(reader.read(), 10)
        await until(lambda: server.gate.inside == 0)

    run(promise)


def test_one_too_many_is_told_behind_its_handshake(run, trusting):
    async def promise(server):
        server.gate.most = 0
        reader, writer = await server.silent()
        client = Client(trusting)
        await client.shake(reader, writer, behind=GET % 1)
        assert await client.read(reader, len(BUSY)) == BUSY

    run(promise)


def test_where_there_is_not_even_an_answer_nobody_shakes_hands(run):
    async def promise(server):
        server.gate.most, server.gate.answer = 0, b""
        reader, _ = await server.silent()
        with contextlib.suppress(ConnectionError):
            assert await asyncio.wait_for(reader.read(), 10) == b""

    run(promise)


@pytest.mark.parametrize("begun", [b"", b"\x16\x03\x01\x02\x00\x01"])
@pytest.mark.parametrize("how", ["end", "reset"])
def test_clients_that_leave_in_the_middle_are_not_counted_any_more(run, begun, how):
    async def promise(server):
        server.patience = ClientSettings(head_timeout=60, keep_alive=60, min_rate=0)
        with socket.create_connection(("127.0.0.1", server.port)) as near:
            await until(lambda: server.gate.inside == 1)
            if how == "reset":
                near.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            near.send(begun)
        await until(lambda: server.gate.inside == 0)

    run(promise)


def test_a_client_that_leaves_as_its_handshake_ends_is_not_counted_any_more(run, trusting):
    async def promise(server):
        for _ in range(20):
            reader, writer = await server.silent()
            await Client(trusting).shake(reader, writer, behind=GET % 1)
            writer.transport.abort()
        await until(lambda: server.gate.inside == 0 and not server.connections.open)

    run(promise)


@pytest.mark.parametrize("begun", [b"", b"\x16\x03\x01\x02\x00\x01"])
def test_a_shutdown_waits_for_no_handshake(run, begun):
    async def promise(server):
        server.patience = ClientSettings(head_timeout=60, keep_alive=60, min_rate=0)
        _, writer = await server.silent()
        writer.write(begun)
        await until(lambda: server.gate.inside == 1)
        async with asyncio.timeout(10):
            await server.connections.shutdown(1)
            await until(lambda: server.gate.inside == 0)

    run(promise)


def test_a_connection_can_be_asked_what_has_arrived_until_it_is_lost(run, trusting):
    """Whoever drains asks all of them in one turn of the loop, in which some are on their way out."""

    async def promise(server):
        server.patience = ClientSettings(head_timeout=5, keep_alive=5, min_rate=0)
        reader, writer = await server.silent()
        client = Client(trusting)
        await client.shake(reader, writer, behind=GET % 1)
        await client.read(reader, len(ANSWER))
        (connection,) = server.connections.open
        writer.transport.abort()
        while server.connections.open:
            assert connection.has_news in {True, False}
            await asyncio.sleep(0)

    run(promise)


def test_whoever_drains_waits_for_handshakes_that_have_begun_and_for_what_is_asked_behind_them(run, trusting):
    async def promise(server):
        server.patience = ClientSettings(head_timeout=5, keep_alive=5, min_rate=0)
        reader, writer = await server.silent()
        await server.silent()  # says nothing, and is not waited for
        client = Client(trusting)
        with contextlib.suppress(ssl.SSLWantReadError):
            client.tls.do_handshake()
        await client.send(writer, 0)
        await until(lambda: any(each.task is not None for each in server.connections.handshakes))
        draining = asyncio.ensure_future(server.connections.heads())
        await asyncio.wait({draining}, timeout=0.1)
        assert not draining.done()
        await client.shake(reader, writer, behind=GET % 1)
        await draining
        assert await client.read(reader, len(ANSWER)) == ANSWER

    run(promise)
