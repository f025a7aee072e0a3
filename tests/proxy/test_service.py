"""Connections to the service: used again only where nothing has happened to them."""

import asyncio

import pytest

from sidecar.policy.model import Upstream
from sidecar.proxy.answer_reader import ServiceClosedError
from sidecar.proxy.reasons import RefusedError
from sidecar.proxy.service import Service
from tests.wire import OK

HEAD = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


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


async def served(service, far):
    """A connection that served one request and waits for the next."""
    connection = await service.connect()
    connection.begin("GET")
    await connection.write(HEAD)
    while not far.ends:
        await asyncio.sleep(0)
    far.write(OK)
    assert (await connection.answer()).status == 200
    assert await connection.read() == b"ok"
    service.release(connection)
    return connection


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
    for number, connection in enumerate(connections, 1):
        connection.begin("GET")
        await connection.write(HEAD)
        while len(far.ends) < number:
            await asyncio.sleep(0)
    for _, writer in far.ends:
        writer.write(OK)
    for connection in connections:
        await connection.answer()
        await connection.read()
        service.release(connection)
    assert len([connection for connection in connections if not connection.transport.is_closing()]) == 32


async def test_a_closed_service_keeps_no_connection(service, far):
    connection = await served(service, far)
    service.close()
    assert connection.transport is None or connection.transport.is_closing()
    assert service.idle_connection(repeatable=True) is None


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "unix:///nowhere/app.sock"])
async def test_a_service_that_is_not_there_is_worth_another_attempt(url):
    service = Service(Upstream(url=url), asyncio.get_running_loop().time)
    with pytest.raises(RefusedError, match="upstream_unreachable") as refused:
        await service.connect()
    assert refused.value.momentary
