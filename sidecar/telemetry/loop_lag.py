"""Measures how late the event loop is: what every request waits for when something holds it up."""

import asyncio
from collections import deque
from typing import Final

INTERVAL: Final = 0.25
"""Seconds between two looks."""
WINDOW: Final = 30.0
"""Seconds that a delay is remembered: longer than usual scrape intervals, so that none is missed."""


class LoopLag:
    """A timer that notes by how much it comes too late; runs on one loop, from `start` to `stop`."""

    def __init__(self, interval: float = INTERVAL, window: float = WINDOW) -> None:
        self._interval = interval
        self._delays: deque[float] = deque(maxlen=max(1, int(window / interval)))
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Begins on the running loop."""
        self._arm(asyncio.get_running_loop())

    def stop(self) -> None:
        """Ends; nothing is left on the loop."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def worst(self) -> float:
        """Seconds of the longest delay within the window; 0 before the first look. Safe to call from a thread."""
        return max(self._delays.copy(), default=0.0)

    def _arm(self, loop: asyncio.AbstractEventLoop) -> None:
        """Sets the timer for the next look."""
        due = loop.time() + self._interval
        self._timer = loop.call_at(due, self._look, loop, due)

    def _look(self, loop: asyncio.AbstractEventLoop, due: float) -> None:
        """Notes the delay of this look."""
        self._delays.append(max(0.0, loop.time() - due))
        self._arm(loop)
