"""Connections to the service: used again only where nothing has happened to them."""

import asyncio
import socket
import struct

import pytest

from sidecar.policy.settings.model import Upstream
from sidecar.proxy.reasons import RefusedError
from sidecar.proxy.upstream.answer_reader import ServiceClosedError
from sidecar.proxy.upstream.connection import UpstreamConnection
from sidecar.proxy.upstream.service import Service
from tests.waiting import until
from tests.wire import OK

HEAD = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


class Client:
    """The connection of a client that is there, or gone."""

    def __init__(self, *, gone=False):
        self.transport = None if gone else asyncio.Transport()
        self.when_gone = None


class Far:
    """The other end of every connection."""

    def __init__(self):
        self.ends = []

    async def accept(self, reader, writer):
        self.ends.append((reader, writer))

    def write(self, data):
        """At once: the bytes are in the kernel when this returns, and no event loop has seen them."""
        self.ends[-1][1].write(data)

    async def close(self):
        for _, writer in self.ends:
            writer.close()


@pytest.fixture
async def far():
    far = Far()
    server = await asyncio.start_server(far.accept, "127.0.0.1", 0)
    far.port = server.sockets[0].getsockname()[1]
    yield far
    await far.close()
    server.close()


@pytest.fixture
async def service(far):
    service = Service(Upstream(url=f"http://127.0.0.1:{far.port}"), asyncio.get_running_loop().time)
    yield service
    service.close()


async def served(service, far, answer=OK):
    """A connection that served one request and waits for the next."""
    connection = await service.connect()
    connection.begin("GET")
    await connection.write(HEAD)
    await until(lambda: far.ends)
    far.write(answer)
    assert (await connection.answer()).status == 200
    assert await connection.read() == b"ok"
    assert await connection.read() == b""
    service.release(connection, Client())
    return connection


CHUNKS = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nA: b\r\n\r\n"


@pytest.mark.parametrize("answer", [OK, CHUNKS])
@pytest.mark.parametrize("behind", [b"H", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\nX: \0", b"x", OK[:-2], OK])
async def test_nothing_may_stand_behind_an_answer_on_a_connection_that_serves_again(service, far, answer, behind):
    await served(service, far, answer + behind)
    assert service.idle_connection(repeatable=True) is None


@pytest.mark.parametrize("answer", [OK, CHUNKS])
async def test_an_empty_line_behind_an_answer_is_nothing(service, far, answer):
    assert await served(service, far, answer + b"\r\n") is service.idle_connection(repeatable=True)


async def test_a_connection_that_nothing_happened_to_serves_again(service, far):
    assert await served(service, far) is service.idle_connection(repeatable=True)


@pytest.mark.parametrize("planted", [OK, b"x", b"HTTP/1.1 100 Continue\r\n\r\n"])
async def test_what_the_event_loop_has_not_read_yet_counts_as_received(service, far, planted):
    await served(service, far)
    far.write(planted)
    assert service.idle_connection(repeatable=True) is None


async def test_an_end_that_the_event_loop_has_not_seen_yet_counts_too(service, far):
    await served(service, far)
    far.ends[-1][1].write_eof()
    assert service.idle_connection(repeatable=True) is None


async def test_what_comes_between_the_choice_and_the_first_byte_is_no_answer(service, far):
    await served(service, far)
    connection = service.idle_connection(repeatable=True)
    connection.begin("GET")
    far.write(OK)
    with pytest.raises(ServiceClosedError):
        await connection.answer()
    with pytest.raises(ServiceClosedError):
        await connection.write(HEAD)
    assert connection.sent == 0


async def test_what_comes_just_before_the_first_byte_keeps_it_unsent(service, far):
    await served(service, far)
    connection = service.idle_connection(repeatable=True)
    connection.begin("GET")
    far.write(OK)
    with pytest.raises(ServiceClosedError):
        await connection.write(HEAD)
    assert connection.sent == 0


async def test_idle_connections_are_bounded(service, far):
    connections = [await service.connect() for _ in range(40)]
    for connection in connections:
        connection.begin("GET")
        await connection.write(HEAD)
    await until(lambda: len(far.ends) == len(connections))
    for _, writer in far.ends:
        writer.write(OK)
    for connection in connections:
        await connection.answer()
        await connection.read()
        service.release(connection, Client())
    assert len([connection for connection in connections if not connection.transport.is_closing()]) == 32


async def test_a_private_connection_of_a_client_that_is_gone_is_closed(service, far):
    connection = await served(service, far)
    assert service.idle_connection(repeatable=True) is connection
    connection.is_private = True
    service.release(connection, Client(gone=True))
    assert connection.transport.is_closing()
    assert service.idle_connection(repeatable=True) is None


async def test_a_closed_service_keeps_no_connection(service, far):
    connection = await served(service, far)
    service.close()
    assert connection.transport is None or connection.transport.is_closing()
    assert service.idle_connection(repeatable=True) is None


@pytest.mark.parametrize(
    ("url", "told"),
    [("http://127.0.0.1:1", "Connection refused"), ("unix:///nowhere/app.sock", "No such file or directory")],
)
async def test_a_service_that_is_not_there_is_worth_another_attempt_and_told_in_words_without_its_address(url, told):
    service = Service(Upstream(url=url), asyncio.get_running_loop().time)
    with pytest.raises(RefusedError, match="upstream_unreachable") as refused:
        await service.connect()
    assert refused.value.momentary
    assert refused.value.actual == told


async def test_answers_do_not_crawl_beside_a_crowd_of_connections(service, far):
    """A window that shrinks makes the sender wait 200 ms for each few KB: 28 s instead of 0.08."""
    crowd = [UpstreamConnection(Upstream(), service._clock, None) for _ in range(5_000)]
    service._open.update(crowd)
    connection = await service.connect()
    connection.begin("GET")
    await connection.write(HEAD)
    await until(lambda: far.ends)
    far.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4000000\r\n\r\n" + bytes(4_000_000))
    async with asyncio.timeout(10):
        await connection.answer()
        await read_all(connection)


async def test_what_is_written_goes_out_at_once(service):
    connection = await service.connect()
    assert connection.transport.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


LARGE = bytes(500_000)


async def reset_behind(answer):
    """A connection to a service that answers at once and resets, of which the event loop has seen nothing yet."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        service = Service(
            Upstream(url=f"http://127.0.0.1:{listening.getsockname()[1]}"), asyncio.get_running_loop().time
        )
        connection = await service.connect()
        connection.begin("POST")
        await connection.write(HEAD)
        await asyncio.sleep(0)
        with listening.accept()[0] as theirs:
            theirs.sendall(answer)
            theirs.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    with pytest.raises(ServiceClosedError):
        await connection.write(LARGE)
    return connection


async def read_all(connection):
    while await connection.read():
        pass


async def test_an_answer_that_a_reset_cut_is_not_whole_because_a_write_was_told_of_it():
    """Whoever is told of a reset first takes it away: whoever reads then sees an end like any other."""
    connection = await reset_behind(b"HTTP/1.1 200 OK\r\n\r\nthe beginning")
    assert (await connection.answer()).status == 200
    with pytest.raises(ServiceClosedError):
        await read_all(connection)


async def test_an_early_refusal_is_read_though_the_service_takes_no_more():
    connection = await reset_behind(b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno")
    assert (await connection.answer()).status == 413
    assert await connection.read() == b"no"


@pytest.mark.parametrize("pieces", [[LARGE], [b"7a120\r\n", memoryview(LARGE), b"\r\n"], [b"x"] * 100 + [LARGE, b"y"]])
async def test_a_large_write_arrives_whole_and_in_order_behind_the_head(service, far, pieces):
    connection = await service.connect()
    connection.begin("POST")
    await connection.write(HEAD)
    writing = asyncio.ensure_future(connection.write(*pieces))
    await until(lambda: far.ends)
    whole = HEAD + b"".join(pieces) + b"end"
    reading = asyncio.ensure_future(far.ends[-1][0].readexactly(len(whole)))
    await writing
    await connection.write(b"end")
    assert await reading == whole
    assert connection.sent == len(whole)
