"""Ends whoever waits too long: one timer for all that have the same patience, and few at once."""

import asyncio
import math
from typing import Final, Protocol

_AT_ONCE: Final = 4
"""Ended in one turn of the event loop; each takes up to half a millisecond, and a crowd that came together is late
together."""
_BREATH: Final = 0.004
"""Seconds between two turns, for everybody else."""


class Waiting(Protocol):
    """Somebody with a deadline."""

    def expired(self) -> None:
        """The time is up."""


class Expiry:
    """Those who wait, the longest first. A timer for each would take 600 bytes of an idle connection."""

    def __init__(self, seconds: float, loop: asyncio.AbstractEventLoop) -> None:
        self._seconds = seconds
        self._loop = loop
        self._due: dict[Waiting, float] = {}
        self._timer: asyncio.TimerHandle | None = None

    def add(self, one: Waiting) -> None:
        """From now on it has so many seconds."""
        due = self._loop.time() + self._seconds
        self._due[one] = due
        if self._timer is None:
            self._timer = self._loop.call_at(due, self._look)

    def remove(self, one: Waiting) -> None:
        """It waits no more."""
        self._due.pop(one, None)

    @property
    def since(self) -> float:
        """When the longest wait began, by the clock of the loop; for ever in the future where nobody waits."""
        return next(iter(self._due.values()), math.inf) - self._seconds

    def end_first(self) -> None:
        """The time of whoever waits longest is up."""
        one = next(iter(self._due))
        del self._due[one]
        one.expired()

    def _look(self) -> None:
        self._timer = None
        now = self._loop.time()
        late: list[Waiting] = []
        for one, due in self._due.items():
            if due > now or len(late) == _AT_ONCE:
                self._timer = self._loop.call_at(max(due, now + _BREATH), self._look)
                break
            late.append(one)
        for one in late:
            self._due.pop(one, None)
            one.expired()

    def stop(self) -> None:
        """Nobody is ended any more."""
        self._due.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
