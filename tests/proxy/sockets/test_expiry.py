"""Whoever waits too long is ended, and a crowd of them little by little."""

import asyncio

from sidecar.proxy.sockets.expiry import Expiry
from tests.waiting import until


class Waiting:
    def __init__(self, ended):
        self._ended = ended
        self.turn = 0.0

    def expired(self):
        self._ended.append(self)
        self.turn = asyncio.get_running_loop().time()


async def test_those_who_wait_too_long_are_ended_in_the_order_in_which_they_came():
    loop, ended = asyncio.get_running_loop(), []
    expiry, began = Expiry(0.05, loop), loop.time()
    waiting = [Waiting(ended) for _ in range(3)]
    for one in waiting:
        expiry.add(one)
    await until(lambda: len(ended) >= 3)
    assert ended == waiting
    assert waiting[0].turn - began >= 0.05


async def test_whoever_waits_no_more_is_not_ended():
    loop, ended = asyncio.get_running_loop(), []
    expiry = Expiry(0.02, loop)
    early, late = Waiting(ended), Waiting(ended)
    expiry.add(early)
    expiry.add(late)
    expiry.remove(early)
    await until(lambda: len(ended) >= 1)
    assert ended == [late]


async def test_whoever_is_added_again_has_all_its_time_again():
    loop, ended = asyncio.get_running_loop(), []
    expiry = Expiry(0.1, loop)
    one = Waiting(ended)
    expiry.add(one)
    await asyncio.sleep(0.06)
    expiry.remove(one)
    again = loop.time()
    expiry.add(one)
    await until(lambda: len(ended) >= 1)
    assert one.turn - again >= 0.1


async def test_a_crowd_that_is_late_together_is_ended_a_few_at_a_time():
    loop, ended = asyncio.get_running_loop(), []
    expiry = Expiry(0.01, loop)
    for _ in range(100):
        expiry.add(Waiting(ended))
    most = 0
    async with asyncio.timeout(10):
        while len(ended) < 100:
            before = len(ended)
            await asyncio.sleep(0)
            most = max(most, len(ended) - before)
    assert most <= 4


async def test_nobody_is_ended_once_it_is_stopped():
    loop, ended = asyncio.get_running_loop(), []
    expiry = Expiry(0.01, loop)
    expiry.add(Waiting(ended))
    expiry.stop()
    await asyncio.sleep(0.03)
    assert ended == []


async def test_whoever_waits_longest_can_be_ended_before_its_time():
    loop, ended = asyncio.get_running_loop(), []
    expiry = Expiry(60, loop)
    assert expiry.since > loop.time()
    first, second = Waiting(ended), Waiting(ended)
    expiry.add(first)
    expiry.add(second)
    assert loop.time() - 5 < expiry.since <= loop.time()
    expiry.end_first()
    assert ended == [first]
    expiry.end_first()
    assert ended == [first, second]
    assert expiry.since > loop.time()
    expiry.stop()
