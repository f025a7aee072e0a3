"""Places are given in the order of asking, never more than there are, and none is lost."""

import asyncio

from sidecar.scanners.queue import Queue


async def test_thirty_two_share_two_places_in_order():
    slots, order, most = Queue(lambda: 2), [], 0

    async def use(number: int) -> None:
        nonlocal most
        await slots.take()
        most = max(most, slots.taken)
        order.append(number)
        await asyncio.sleep(0)
        slots.give()

    await asyncio.gather(*map(use, range(32)))
    assert order == list(range(32))
    assert (most, slots.taken, slots.waiting) == (2, 0, 0)


async def test_a_place_that_was_given_to_one_who_leaves_goes_to_the_next():
    slots = Queue(lambda: 1)
    await slots.take()
    leaves, stays = asyncio.create_task(slots.take()), asyncio.create_task(slots.take())
    await asyncio.sleep(0)
    slots.give()
    leaves.cancel()
    await stays
    assert slots.taken == 1


async def test_who_waits_without_end_is_let_in_once_there_are_more_places():
    most = [1]
    slots = Queue(lambda: most[0])
    await slots.take()
    waits = asyncio.create_task(slots.take())
    await asyncio.sleep(0)
    slots.admit()
    assert (slots.taken, slots.waiting) == (1, 1)
    most[0] = 2
    slots.admit()
    await waits
    assert (slots.taken, slots.waiting) == (2, 0)
