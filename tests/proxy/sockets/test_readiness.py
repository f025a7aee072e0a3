"""Waiting for a socket ends when it is ready, and leaves nothing behind however it ends."""

import asyncio
import contextlib
import errno
import os
import socket
from types import SimpleNamespace

import pytest

from sidecar.proxy.sockets.readiness import readable, writable
from tests.descriptors import open_descriptors

PATIENCE = 10.0


@pytest.fixture(params=["watched", "looked at"])
def _descriptors(request, monkeypatch):
    """Both with descriptors to be had and without."""

    def dup(_descriptor):
        raise OSError(errno.EMFILE, "Too many open files")

    if request.param == "looked at":
        monkeypatch.setattr("sidecar.proxy.sockets.descriptors.os", SimpleNamespace(**{**vars(os), "dup": dup}))


@pytest.fixture
def ends():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.settimeout(0)
        theirs.settimeout(0)
        yield ours, theirs


def fill(sock: socket.socket) -> None:
    with contextlib.suppress(BlockingIOError):
        while True:
            sock.send(bytes(65536))


@pytest.mark.usefixtures("_descriptors")
async def test_it_waits_for_what_arrives(ends):
    waiting = asyncio.ensure_future(readable(ends[0].fileno()))
    await asyncio.sleep(0)
    assert not waiting.done()
    ends[1].send(b"x")
    await asyncio.wait_for(waiting, PATIENCE)


@pytest.mark.usefixtures("_descriptors")
async def test_it_waits_for_room(ends):
    fill(ends[0])
    waiting = asyncio.ensure_future(writable(ends[0].fileno()))
    await asyncio.sleep(0)
    assert not waiting.done()
    while not waiting.done():
        with contextlib.suppress(BlockingIOError):
            ends[1].recv(1 << 20)
        await asyncio.sleep(0)
    await waiting


@pytest.mark.usefixtures("_descriptors")
@pytest.mark.parametrize("wait", [readable, writable])
async def test_who_is_gone_is_not_waited_for(ends, wait):
    fill(ends[0])
    ends[1].close()
    await asyncio.wait_for(wait(ends[0].fileno()), PATIENCE)


@pytest.mark.parametrize("wait", [readable, writable])
async def test_a_wait_that_is_cancelled_when_it_would_end_is_no_error(ends, wait):
    loop, told = asyncio.get_running_loop(), []
    loop.set_exception_handler(lambda _loop, context: told.append(context))
    before = open_descriptors()
    ends[1].send(b"x")
    waiting = asyncio.ensure_future(wait(ends[0].fileno()))
    await asyncio.sleep(0)
    loop.call_soon(waiting.cancel)
    with pytest.raises(asyncio.CancelledError):
        await waiting
    for _ in range(3):
        await asyncio.sleep(0)
    assert told == []
    assert open_descriptors() == before
