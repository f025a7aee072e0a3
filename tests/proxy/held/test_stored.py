"""Bytes in a file go to a socket without being read, as far as it takes them, and stop where it says something."""

import asyncio
import errno
import os
import random
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest

from sidecar.proxy.held.layout import Layout
from sidecar.proxy.held.stored import PORTION, Stored

SIZE = 3 * 1024 * 1024 + 17
DATA = random.Random(7).randbytes(SIZE)


@pytest.fixture
def ends():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.settimeout(0)
        yield ours, theirs


@pytest.fixture
def stored(tmp_path):
    path = tmp_path / "body"
    path.write_bytes(DATA)
    descriptor = os.open(path, os.O_RDONLY)
    with ThreadPoolExecutor(1) as executor:

        async def in_thread(call, *arguments):
            return await asyncio.get_running_loop().run_in_executor(executor, call, *arguments)

        yield lambda size=SIZE: Stored(descriptor, Layout({}), size, in_thread, lambda call, *rest: call(*rest))
    os.close(descriptor)


async def drained(theirs: socket.socket, body: Stored, ours: socket.socket) -> bytes:
    received = b""
    theirs.settimeout(0)
    while len(received) < len(body):
        await body.send(ours.fileno())
        try:
            received += theirs.recv(1 << 20)
        except BlockingIOError:
            break
    return received


@pytest.mark.parametrize("size", [1, PORTION, PORTION + 1, SIZE])
async def test_all_bytes_arrive_however_slowly_they_are_taken(stored, ends, size):
    body = stored(size)
    assert await drained(ends[1], body, ends[0]) == DATA[:size]
    assert body.sent == size


async def test_a_socket_that_takes_no_more_is_told(stored, ends):
    body = stored()
    while await body.send(ends[0].fileno()):
        pass
    assert 0 < body.sent < SIZE


async def test_nothing_but_one_portion_goes_where_something_has_arrived(stored, ends):
    """A service that refuses early is listened to before it is sent more."""
    ends[1].send(b"HTTP/1.1 413 Content Too Large\r\n\r\n")
    body = stored()
    await body.send(ends[0].fileno())
    assert 0 < body.sent <= PORTION


async def test_a_reader_that_is_gone_is_an_error(stored, ends):
    ends[1].close()
    with pytest.raises(ConnectionError):
        await stored().send(ends[0].fileno())


@pytest.mark.parametrize("lost", [errno.ETIMEDOUT, errno.EHOSTUNREACH])
async def test_a_reader_that_was_not_heard_of_any_more_is_gone_too(stored, ends, monkeypatch, lost):
    def sendfile(*_):
        raise OSError(lost, os.strerror(lost))

    monkeypatch.setattr(os, "sendfile", sendfile)
    with pytest.raises(ConnectionError):
        await stored().send(ends[0].fileno())


async def test_a_file_that_cannot_be_read_is_no_reader_that_is_gone(stored, ends, monkeypatch):
    def sendfile(*_):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "sendfile", sendfile)
    with pytest.raises(OSError, match="Input/output error") as failed:
        await stored().send(ends[0].fileno())
    assert not isinstance(failed.value, ConnectionError)


async def test_a_file_that_became_shorter_is_an_error(stored, ends):
    body = stored(SIZE + 1)
    body.sent = SIZE
    with pytest.raises(OSError, match="shorter"):
        await body.send(ends[0].fileno())


async def test_it_can_be_read_as_well(stored):
    body = stored()
    assert b"".join([piece async for piece in body.read()]) == DATA
    assert body.sent == len(body) == SIZE
