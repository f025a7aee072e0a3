"""The most memory that a tree of processes holds while something runs, pages that they share counted once.

Of pages that programs outside of the tree use too, as other Pythons do, only a share counts.
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
        bytes: the proportional set sizes (proc_pid_smaps(5)) added up, when the processes were largest.
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
            self.bytes = max(self.bytes, sum(map(_proportional, processes)))


def _resident(pid: int) -> int:
    with contextlib.suppress(*_GONE):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    return 0


def _proportional(pid: int) -> int:
    """That of a process which may not be looked into, as isolated workers, is all that is resident."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except _GONE:
        return 0
    except PermissionError:
        return _resident(pid)
    return int(rollup.partition("\nPss:")[2].split()[0]) * 1024 if "\nPss:" in rollup else 0
