"""Writes lines to a file descriptor from a thread, so that a reader who stalls never holds up an upload."""

import contextlib
import fcntl
import os
import select
from collections.abc import Callable, Iterator

from sidecar.telemetry.line_thread import CAPACITY, LineThread


class LineWriter(LineThread):
    """Takes lines from any thread and never blocks, never fails: what cannot be written is counted as dropped.

    The descriptor is its own: the thread closes it when it ends. Where several processes write to one pipe, `lock` is a
    file that they share: the kernel keeps only writes up to PIPE_BUF (4096 bytes) in one piece.
    """

    def __init__(
        self, descriptor: int, dropped: Callable[[int], None], capacity: int = CAPACITY, lock: int | None = None
    ) -> None:
        self._descriptor = descriptor
        self._lock = lock
        self._cut = False
        """The last write ended within a line: the disk was full."""
        super().__init__("log", dropped, capacity)

    def _end(self) -> None:
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
        with self._alone():
            self._write_all(b"\n" + lines if self._cut else lines)

    def _write_all(self, lines: bytes) -> None:
        rest = memoryview(lines)
        while rest:
            try:
                rest = rest[os.write(self._descriptor, rest) :]
                self._cut = False
            except BlockingIOError:  # whoever shares the descriptor made it non-blocking
                select.select([], [self._descriptor], [], 1.0)
            except OSError:  # the reader is gone (EPIPE), or the disk behind is full
                at = len(lines) - len(rest)
                self._cut = self._cut or lines[at - 1 : at] not in {b"", b"\n"}
                self._dropped(lines.count(b"\n", max(at, lines.startswith(b"\n"))))
                return
