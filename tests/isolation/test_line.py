"""Who waits longest is served first; what was given to one who leaves goes back."""

import asyncio

from sidecar.isolation.line import Line


async def test_served_in_order_and_nobody_twice():
    line = Line(lambda _: None)
    first, second = asyncio.create_task(line.wait(None)), asyncio.create_task(line.wait(None))
    await asyncio.sleep(0)
    assert len(line) == 2
    assert line.serve("a")
    assert line.serve("b")
    assert not line.serve("c")
    assert (await first, await second, len(line)) == ("a", "b", 0)


async def test_patience_ends_with_nothing():
    line = Line(lambda _: None)
    assert await line.wait(0.001) is None
    assert (len(line), line.serve("a")) == (0, False)


async def test_who_leaves_is_passed_over():
    line = Line(lambda _: None)
    leaves, stays = asyncio.create_task(line.wait(None)), asyncio.create_task(line.wait(None))
    await asyncio.sleep(0)
    leaves.cancel()
    await asyncio.sleep(0)
    assert line.serve("a")
    assert await stays == "a"


async def test_what_was_given_at_the_last_moment_comes_back():
    back = []
    line = Line(back.append)
    leaves = asyncio.create_task(line.wait(None))
    await asyncio.sleep(0)
    assert line.serve("a")
    leaves.cancel()
    await asyncio.gather(leaves, return_exceptions=True)
    assert back == ["a"]
