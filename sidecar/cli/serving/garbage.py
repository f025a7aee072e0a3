"""Looks for cycles of dead objects seldom and in small steps, and gives back what is free.

A look at all objects holds up everybody.
"""

import asyncio
import ctypes
import gc
from contextlib import suppress
from types import TracebackType
from typing import Final, Self

_YOUNG: Final = (2000, 5, 1_000_000)
"""New objects, and looks at these, before a look at them; never by itself at all objects: with 2500 hostile clients
that took 100 to 170 ms and came every few seconds (measured), one at the younger ones takes 3 ms."""
EVERY: Final = 60.0
"""Seconds between two looks at all objects."""


def give_back() -> None:
    """Give memory that nobody uses any more back to the system, which glibc keeps otherwise (malloc_trim(3)).

    Measured: 1.6 MB after the start, and 136 of the 158 MB that 200 slow uploads of 2 MB at once leave behind. It takes
    2 ms, and 0.1 ms for each MB. Other C libraries have no such function.
    """
    with suppress(AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


class Garbage:
    """From `with` to its end, on the running loop, once all that stays for good is there."""

    def __init__(self, every: float = EVERY) -> None:
        self._every = every
        self._before = gc.get_threshold()
        self._timer: asyncio.TimerHandle | None = None

    def __enter__(self) -> Self:
        gc.collect()
        gc.freeze()
        give_back()
        gc.set_threshold(*_YOUNG)
        self._arm()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        gc.set_threshold(*self._before)
        gc.unfreeze()

    def _arm(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(self._every, self._look)

    def _look(self) -> None:
        gc.collect()
        give_back()
        self._arm()
