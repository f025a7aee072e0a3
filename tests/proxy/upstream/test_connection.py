"""A held body goes to the service whole, with descriptors or without; one that is not taken has a deadline."""

import asyncio
import errno
import os
import random
import socket
import warnings
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from types import SimpleNamespace

import pytest

from sidecar.policy.settings.model import Spool as SpoolSettings
from sidecar.policy.settings.model import Upstream
from sidecar.proxy.held.spool import Room, Spool
from sidecar.proxy.reasons import RefusedError
from sidecar.proxy.upstream.answer_reader import ServiceClosedError
from sidecar.proxy.upstream.service import Service

HEAD = b"POST / HTTP/1.1\r\nHost: a\r\n\r\n"
DATA = random.Random(5).randbytes(20_000_000)
PATIENCE = 10.0


@pytest.fixture(params=[False, True], ids=["descriptors", "no descriptors"])
def _descriptors(request, monkeypatch):
    def dup(_descriptor):
        raise OSError(errno.EMFILE, "Too many open files")

    if request.param:
        monkeypatch.setattr("sidecar.proxy.sockets.descriptors.os", SimpleNamespace(**{**vars(os), "dup": dup}))


@pytest.fixture
async def held(tmp_path):
    with ThreadPoolExecutor(1) as executor:
        spool = Spool(SpoolSettings(memory=0, directory=str(tmp_path)), Room(len(DATA)), executor)
        await spool.write([DATA])
        yield spool
        spool.close()


@asynccontextmanager
async def connected(**settings):
    """A connection that has sent a head, and its other end."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        upstream = Upstream(url=url, write_timeout=0.3, **settings)
        connection = await Service(upstream, asyncio.get_running_loop().time).connect()
        with listening.accept()[0] as theirs:
            theirs.setblocking(False)  # noqa: FBT003 - the socket module's own
            connection.begin("POST")
            await connection.write(HEAD)
            yield connection, theirs
            connection.abort()


async def send(connection, held: Spool) -> None:
    async for stored in held.read():
        await connection.write_stored(stored)


async def received(theirs: socket.socket, size: int) -> bytes:
    data = bytearray()
    async with asyncio.timeout(PATIENCE):
        while len(data) < size:
            data += await asyncio.get_running_loop().sock_recv(theirs, 1 << 20)
    return bytes(data)


@pytest.mark.usefixtures("_descriptors")
async def test_all_of_a_held_body_arrives(held):
    async with connected() as (connection, theirs):
        sending = asyncio.ensure_future(send(connection, held))
        assert await received(theirs, len(HEAD) + len(DATA)) == HEAD + DATA
        await sending
        assert connection.sent == len(HEAD) + len(DATA)


@pytest.mark.usefixtures("_descriptors")
async def test_a_service_that_takes_no_more_is_not_waited_for_for_ever(held):
    async with connected() as (connection, _), asyncio.timeout(PATIENCE):
        with pytest.raises(RefusedError, match="upstream_stalled"):
            await send(connection, held)


async def test_a_connection_that_is_lost_while_a_thread_sends_is_one_that_is_closed(held, monkeypatch):
    async with connected() as (connection, _):

        async def lost(_outlet):
            connection.transport.abort()
            while connection.transport is not None:
                await asyncio.sleep(0)

        with warnings.catch_warnings(record=True) as told:
            async for stored in held.read():
                monkeypatch.setattr(stored, "send", lost)
                with pytest.raises(ServiceClosedError):
                    await connection.write_stored(stored)
        assert told == []


async def test_an_answer_that_arrives_when_its_time_is_up_is_passed_on_to_its_end():
    async with connected(answer_timeout=0.05) as (connection, theirs), asyncio.timeout(PATIENCE):
        answering = asyncio.ensure_future(connection.answer())
        await asyncio.sleep(0)
        theirs.send(b"HTTP/1.1 200 OK\r\n\r\nall")
        busy_until = asyncio.get_running_loop().time() + 0.1
        while asyncio.get_running_loop().time() < busy_until:
            pass  # so that one turn of the loop finds both the answer and the end of its time
        assert (await answering).status == 200
        assert await connection.read() == b"all"
        theirs.shutdown(socket.SHUT_WR)
        assert await connection.read() == b""
