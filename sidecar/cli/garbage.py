"""Looks for cycles of dead objects seldom and in small steps: a look at all objects holds up everybody."""

import asyncio
import gc
from types import TracebackType
from typing import Final, Self

_YOUNG: Final = (2000, 5, 1_000_000)
"""New objects, and looks at these, before a look at them; never by itself at all objects: with 2500 hostile clients
that took 100 to 170 ms and came every few seconds (measured), one at the younger ones takes 3 ms."""
EVERY: Final = 60.0
"""Seconds between two looks at all objects."""


class Garbage:
    """From `with` to its end, on the running loop, once all that stays for good is there."""

    def __init__(self, every: float = EVERY) -> None:
        self._every = every
        self._before = gc.get_threshold()
        self._timer: asyncio.TimerHandle | None = None

    def __enter__(self) -> Self:
        gc.collect()
        gc.freeze()
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
        self._arm()
