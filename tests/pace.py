"""Work on hostile input is bounded: told in processor time, and in what this machine makes of it just then.

A limit is seconds on a machine that has nothing else to do. A shared one is slower, and tells so by a piece of
work that is always the same, done where a limit was missed. What limits are for is work that grows with the square
of the input, and that misses them by far.
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

USUAL = 0.010
"""What the known piece takes on a machine of its own, in seconds of the processor."""

_TEXT = b"<a b='c'> text </a>" * 8000
_WORDS = re.compile(rb"[a-z]+")


@contextmanager
def processor_time(below: float) -> Iterator[None]:
    """Fails where what it holds takes as many seconds of the processor, in this process, or more."""
    began = time.process_time()
    yield
    taken = time.process_time() - began
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
