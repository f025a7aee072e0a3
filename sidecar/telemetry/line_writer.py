"""Writes lines to a file descriptor from a thread, so that a reader who stalls never holds up an upload."""

import contextlib
import fcntl
import os
import select
from collections import deque
from collections.abc import Callable, Iterator
from threading import Event, Thread
from typing import Final

CAPACITY: Final = 1000
"""Lines that wait for a reader who stalls; those after them are dropped and counted."""
GATHER: Final = 0.02
"""Seconds in which lines are gathered for one write: waking the thread for each costs the loop more than the line."""


class LineWriter:
    """Takes lines from any thread and never blocks, never fails: what cannot be written is counted as dropped.

    The descriptor is its own: the thread closes it when it ends. Where several processes write to one pipe, `lock` is a
    file that they share: the kernel keeps only writes up to PIPE_BUF (4096 bytes) in one piece.
    """

    def __init__(
        self, descriptor: int, dropped: Callable[[int], None], capacity: int = CAPACITY, lock: int | None = None
    ) -> None:
        self._descriptor = descriptor
        self._lock = lock
        self._dropped = dropped
        self._capacity = capacity
        self._lines: deque[bytes] = deque()
        self._waiting = Event()
        self._closing = Event()
        self._thread = Thread(target=self._run, name="log", daemon=True)
        self._thread.start()

    def write(self, line: bytes) -> None:
        """Leaves a line, newline included, to the thread."""
        if len(self._lines) >= self._capacity:
            self._dropped(1)
            return
        self._lines.append(line)
        if not self._waiting.is_set():
            self._waiting.set()

    def close(self, timeout: float) -> None:
        """Waits for the lines to be out, at most `timeout` seconds."""
        self._closing.set()
        self._waiting.set()
        self._thread.join(timeout)

    def _run(self) -> None:
        """Writes until it is closed and nothing is left."""
        while self._lines or not self._closing.is_set():
            self._waiting.wait()
            self._closing.wait(GATHER)
            self._waiting.clear()
            with self._alone():
                self._send(b"".join(self._lines.popleft() for _ in range(len(self._lines))))
        os.close(self._descriptor)

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """While no other process writes; a process that dies lets go."""
        if self._lock is None:
            yield
            return
        fcntl.lockf(self._lock, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.lockf(self._lock, fcntl.LOCK_UN)

    def _send(self, lines: bytes) -> None:
        """Writes all of it."""
        rest = memoryview(lines)
        while rest:
            try:
                rest = rest[os.write(self._descriptor, rest) :]
            except BlockingIOError:  # whoever shares the descriptor made it non-blocking
                select.select([], [self._descriptor], [], 1.0)
            except OSError:  # the reader is gone (EPIPE), or the disk behind is full
                self._dropped(bytes(rest).count(b"\n"))
                return
