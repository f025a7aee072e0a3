"""A thread that takes lines and hands them on in groups, so that whoever gives them never waits."""

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable
from threading import Event, Thread
from typing import Final

CAPACITY: Final = 1000
"""Lines that wait; those after them are dropped and counted."""
MOST_BYTES: Final = 8 * 1024 * 1024
"""Bytes of lines that wait, likewise."""
GATHER: Final = 0.02
"""Seconds in which lines are gathered for one write: waking the thread for each costs the loop more than the line."""


class LineThread(ABC):
    """Never blocks, never fails: what cannot be taken is counted as dropped. Heirs say what becomes of the lines."""

    def __init__(self, name: str, dropped: Callable[[int], None], capacity: int = CAPACITY) -> None:
        self._dropped = dropped
        self._capacity = capacity
        self._lines: deque[bytes] = deque()
        self._given = self._taken = 0
        self._waiting = Event()
        self._closing = Event()
        self._thread = Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def write(self, line: bytes) -> None:
        """Leaves a line, newline included, to the thread."""
        if len(self._lines) >= self._capacity or self._given - self._taken > MOST_BYTES:
            self._dropped(1)
            return
        self._given += len(line)
        self._lines.append(line)
        if not self._waiting.is_set():
            self._waiting.set()

    def close(self, timeout: float) -> None:
        """Waits for the lines to be out, at most `timeout` seconds."""
        self._closing.set()
        self._waiting.set()
        self._thread.join(timeout)

    def _run(self) -> None:
        """Hands on until it is closed and nothing is left."""
        while self._lines or not self._closing.is_set():
            self._waiting.wait()
            self._closing.wait(GATHER)
            self._waiting.clear()
            lines = b"".join(self._lines.popleft() for _ in range(len(self._lines)))
            self._send(lines)
            self._taken += len(lines)
        self._end()

    @abstractmethod
    def _send(self, lines: bytes) -> None:
        """Takes whole lines; on the thread, as long as it needs."""

    @abstractmethod
    def _end(self) -> None:
        """There will be no more."""
