"""Work on hostile input is bounded: told in processor time, and in what this machine makes of it just then.

A limit is seconds on a machine that has nothing else to do. A shared one is slower, and tells so by a piece of
work that is always the same, done where a limit was missed. What limits are for is work that grows with the square
of the input, and that misses them by far.
"""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

USUAL = 0.010
"""What the known piece takes on a machine of its own, in seconds of the processor."""

_TEXT = b"<a b='c'> text </a>" * 8000
_WORDS = re.compile(rb"[a-z]+")


@contextmanager
def processor_time(below: float) -> Iterator[None]:
    """Fails where what it holds takes as many seconds of the processor, in this process, or more."""
    began = time.process_time()
    yield
    _bounded(time.process_time() - began, below)


@asynccontextmanager
async def turns_of_the_loop(below: float) -> AsyncIterator[None]:
    """Fails where the running loop has a turn that takes as many seconds of its thread's processor, or more."""
    longest, over = 0.0, asyncio.Event()

    async def watch() -> None:
        nonlocal longest
        while not over.is_set():
            began = time.thread_time()
            await asyncio.sleep(0.001)
            longest = max(longest, time.thread_time() - began)

    watching = asyncio.create_task(watch())
    try:
        yield
    finally:
        over.set()
        await watching
    _bounded(longest, below)


def _bounded(taken: float, below: float) -> None:
    if taken >= below:
        limit = below * _slowness()
        assert taken < limit, f"{taken:.2f} s of the processor, expected below {limit:.2f} on a machine this busy"


def _slowness() -> float:
    """How many times longer than usual the known piece takes now: 1 and more."""
    began = time.process_time()
    table: dict[bytes, int] = {}
    for each in _WORDS.finditer(_TEXT):
        table[each[0]] = table.get(each[0], 0) + len(table)
    return max(1.0, (time.process_time() - began) / USUAL)
