"""The most memory that a tree of processes holds while something runs, pages that they share counted once.

Of mapped files those of the process count that maps most. By the proportional set size, programs outside of the tree
would matter: that of a sidecar was 70 MB while a dozen other Pythons ran, and not 89.
"""

import contextlib
import os
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from bench.processes import tree

EVERY = 0.05
"""Seconds between looks; what comes and goes within them may be missed."""
STEP = 1 << 20
"""Bytes by which the resident memory must exceed the most so far for the shared pages to be told apart again.

That walks through all pages: 3 ms of processor for a process of 40 MB, where a look at `statm` takes microseconds.
"""
_PAGE = os.sysconf("SC_PAGE_SIZE")
_GONE = (FileNotFoundError, ProcessLookupError)


class PeakMemory:
    """Looks at a tree on a thread of its own, within its `with` block.

    Attributes:
        bytes: held when the processes were largest.
    """

    def __init__(self, pid: int) -> None:
        self.bytes = 0
        self._pid = pid
        self._resident = -STEP
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> Self:
        self.look()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()
        self.look()

    def _watch(self) -> None:
        while not self._over.wait(EVERY):
            self.look()

    def look(self) -> None:
        """Once."""
        processes = tree(self._pid)
        resident = sum(map(_resident, processes))
        if resident > self._resident + STEP:
            self._resident = resident
            self.bytes = max(self.bytes, _held(processes))


def _resident(pid: int) -> int:
    with contextlib.suppress(*_GONE):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    return 0


def _held(processes: list[int]) -> int:
    each = [_own_and_mapped(pid) for pid in processes]
    return sum(own for own, _ in each) + max(mapped for _, mapped in each)


def _own_and_mapped(pid: int) -> tuple[int, int]:
    """Bytes that no file stands behind, a share of those that it shares (proc_pid_smaps(5)); bytes of mapped files.

    That share is not told of a process which may not be looked into, as isolated workers: of those, all bytes count.
    """
    try:
        status = _sizes(Path(f"/proc/{pid}/status"))
        own = status.get("RssAnon", 0) + status.get("RssShmem", 0)
        with contextlib.suppress(PermissionError):
            rollup = _sizes(Path(f"/proc/{pid}/smaps_rollup"))
            own = rollup["Pss_Anon"] + rollup["Pss_Shmem"]
    except _GONE:
        return 0, 0
    return own, status.get("RssFile", 0)


def _sizes(file: Path) -> dict[str, int]:
    lines = (line.split() for line in file.read_text().splitlines() if line.endswith(" kB"))
    return {name.rstrip(":"): int(size) * 1024 for name, size, _ in lines}
