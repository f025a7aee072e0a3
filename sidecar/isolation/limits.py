"""The limits of a worker: what it may take of memory, time, files and processes."""

import contextlib
import ctypes
import os
import resource
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sidecar.isolation import seccomp

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_DUMPABLE: Final = 4
_PR_SET_NO_NEW_PRIVS: Final = 38
OUT_OF_MEMORY: Final = 77
"""Exit code of a worker that ran into its limit."""
_DESCRIPTORS: Final = 16
_LIBC: Final = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one worker may take."""

    memory: int
    """Bytes beyond those that it is born with."""
    cpu: int
    """Seconds of computing."""


def confine(limits: Limits, parent: int) -> str:
    """Limit this process for the rest of its life; it dies with its parent.

    Returns:
        Why the kernel's calls could not be filtered; empty where they are.
    """
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it was gone before we asked
        os._exit(0)
    _LIBC.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    _LIBC.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    for what, most in (
        (resource.RLIMIT_DATA, _data_in_use() + limits.memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, _DESCRIPTORS),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),  # holds for all but root, for whom the filter has to do
    ):
        _limit(what, most, most)
    _limit(resource.RLIMIT_CPU, limits.cpu, limits.cpu + 1)
    try:
        seccomp.install(_LIBC)
    except seccomp.FilterError as error:
        return str(error)
    return ""


def _limit(what: int, soft: int, hard: int) -> None:
    """Lower a limit; never above one that was there before."""
    before = resource.getrlimit(what)[1]
    if before != resource.RLIM_INFINITY:
        soft, hard = min(soft, before), min(hard, before)
    resource.setrlimit(what, (soft, hard))


def _data_in_use() -> int:
    """What RLIMIT_DATA would count now (proc(5): the data segments and the heap)."""
    with contextlib.suppress(OSError, StopIteration, ValueError):
        lines = Path("/proc/self/status").read_text("ascii", "replace").splitlines()
        return 1024 * int(next(line for line in lines if line.startswith("VmData:")).split()[1])
    return 0


def die_first() -> None:
    """Have the kernel choose this process, and those that it forks, where the machine runs out of memory."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", "ascii")
