"""Places are given in the order of asking, never more than there are, and none is lost."""

import asyncio

from sidecar.scanners.queue import Queue


async def test_thirty_two_share_two_places_in_order():
    slots, order, most = Queue(lambda: 2), [], 0

    async def use(number: int) -> None:
        nonlocal most
        assert await slots.take(5)
        most = max(most, slots.taken)
        order.append(number)
        await asyncio.sleep(0)
        slots.give()

    await asyncio.gather(*map(use, range(32)))
    assert order == list(range(32))
    assert (most, slots.taken, slots.waiting) == (2, 0, 0)


async def test_who_waits_too_long_is_sent_away_and_those_behind_keep_their_turn():
    slots = Queue(lambda: 1)
    assert await slots.take(5)
    patient = asyncio.create_task(slots.take(5))
    assert not await slots.take(0.01)
    assert slots.waiting == 1
    slots.give()
    assert await patient


async def test_a_place_that_was_given_to_one_who_leaves_goes_to_the_next():
    slots = Queue(lambda: 1)
    assert await slots.take(5)
    leaves, stays = asyncio.create_task(slots.take(5)), asyncio.create_task(slots.take(5))
    await asyncio.sleep(0)
    slots.give()
    leaves.cancel()
    assert await stays
    assert slots.taken == 1


async def test_who_waits_without_end_is_let_in_once_there_are_more_places():
    most = [1]
    slots = Queue(lambda: most[0])
    assert await slots.take()
    waits = asyncio.create_task(slots.take())
    await asyncio.sleep(0)
    slots.admit()
    assert (slots.taken, slots.waiting) == (1, 1)
    most[0] = 2
    slots.admit()
    assert await waits
    assert (slots.taken, slots.waiting) == (2, 0)
