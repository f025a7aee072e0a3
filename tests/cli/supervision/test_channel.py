"""Questions and answers over a pair of sockets, whoever is slow and whoever leaves."""

import asyncio
import contextlib
import socket

import pytest

from sidecar.cli.supervision.channel import Channel, ChannelClosedError


@pytest.fixture
async def ends():
    channels = [await Channel.over(sock) for sock in socket.socketpair()]
    gate = asyncio.Event()

    async def handle(verb, fields):
        if verb == "wait":
            await gate.wait()
        return {"verb": verb, **fields}

    serving = [asyncio.create_task(channel.serve(handle)) for channel in channels]
    yield *channels, gate
    gate.set()
    for channel in channels:
        await channel.close()
    await asyncio.gather(*serving)


async def test_both_ends_may_ask(ends):
    one, other, _ = ends
    assert await one.ask("report", number=1) == {"verb": "report", "number": 1}
    assert await other.ask("ready") == {"verb": "ready"}


async def test_a_slow_answer_holds_up_no_other(ends):
    one, _, gate = ends
    slow = asyncio.create_task(one.ask("wait"))
    assert (await one.ask("report"))["verb"] == "report"
    assert not slow.done()
    gate.set()
    assert (await slow)["verb"] == "wait"


async def test_large_answers_arrive_whole(ends):
    one, _, _ = ends
    assert (await one.ask("configure", text="x" * 3_000_000))["text"] == "x" * 3_000_000


async def test_who_gave_up_waiting_confuses_nobody(ends):
    one, _, gate = ends
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(0.01):
            await one.ask("wait")
    gate.set()
    assert (await one.ask("report"))["verb"] == "report"


async def test_when_the_other_end_is_gone_who_waits_is_told(ends):
    one, other, _ = ends
    waiting = asyncio.create_task(one.ask("wait"))
    await one.ask("report")
    other._writer.transport.abort()
    with pytest.raises(ChannelClosedError):
        await waiting
    with pytest.raises(ChannelClosedError):
        await one.ask("report")
