"""A large body is read from its socket: all of it, nothing behind it, and not before somebody asks."""

import asyncio
import os
import random
import socket

import pytest

from sidecar.proxy.downstream.inlet import Inlet

DATA = random.Random(3).randbytes(1_000_000)
BEHIND = b"GET / HTTP/1.1\r\n"
PATIENCE = 10.0


@pytest.fixture
async def ends():
    """A transport that does not read, and the socket at its other end."""
    ours, theirs = socket.socketpair()
    theirs.settimeout(0)
    transport, _ = await asyncio.get_running_loop().create_connection(asyncio.Protocol, sock=ours)
    transport.pause_reading()
    with theirs:
        yield transport, theirs
    transport.abort()


async def everything(inlet: Inlet) -> bytes:
    data = b""
    async with asyncio.timeout(PATIENCE):
        while more := await inlet.readany():
            data += more
    return data


@pytest.mark.parametrize("piece", [1000, 100_000, len(DATA) + len(BEHIND)])
async def test_all_of_the_body_arrives_and_what_is_behind_it_stays(ends, piece):
    ended = []
    inlet = Inlet(ends[0], len(DATA), lambda: ended.append(True))
    reading = asyncio.ensure_future(everything(inlet))
    sent, loop = DATA + BEHIND, asyncio.get_running_loop()
    for at in range(0, len(sent), piece):
        await loop.sock_sendall(ends[1], sent[at : at + piece])
        await asyncio.sleep(0)
    assert await reading == DATA
    assert (ended, inlet.at_eof()) == ([True], True)
    assert os.read(ends[0].get_extra_info("socket").fileno(), 100) == BEHIND


async def test_others_have_their_turn_before_each_read(ends):
    """Whoever sends without a pause would keep the event loop, and no deadline would end that."""
    inlet, other = Inlet(ends[0], 10, lambda: None), asyncio.get_running_loop().create_future()
    ends[1].send(b"x" * 10)
    asyncio.get_running_loop().call_soon(other.set_result, None)
    assert await inlet.readany() == b"x" * 10
    assert other.done()


async def test_a_sender_that_never_pauses_is_ended_by_a_deadline(ends):
    inlet = Inlet(ends[0], 10, lambda: None)
    ends[1].send(b"x")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await inlet.readany()


@pytest.mark.parametrize("leave", ["closes", "resets"])
async def test_a_client_that_leaves_in_the_middle_is_told(ends, leave):
    inlet = Inlet(ends[0], 10, lambda: pytest.fail("not the end"))
    reading = asyncio.ensure_future(inlet.readany())
    await asyncio.sleep(0)
    if leave == "resets":
        ends[0].abort()
    ends[1].close()
    with pytest.raises(ConnectionError):
        await asyncio.wait_for(reading, PATIENCE)


async def test_a_transport_that_is_closed_is_not_read(ends):
    inlet = Inlet(ends[0], 10, lambda: None)
    ends[1].send(b"x")
    ends[0].close()
    with pytest.raises(ConnectionError):
        await inlet.readany()
