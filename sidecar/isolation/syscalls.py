"""What a worker may ask of the kernel: the numbers of these calls on each kind of machine."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Machine:
    """One architecture, as seccomp tells it (linux/audit.h), and its numbers."""

    architecture: int
    allowed: tuple[int, ...]
    mmap: int
    """Allowed unless it asks for memory that can be executed, or that RLIMIT_DATA does not count."""
    mprotect: int
    """Allowed unless it makes memory executable."""
    fcntl: int
    """Allowed with the commands of COMMANDS alone."""


# Memory, the file and the socket that it has already, clocks, signals within itself, its end. Not among them: opening
# anything, sockets, processes, threads, signals to others, limits, privileges.
_CALLS: Final = {
    # name: (x86-64, arm64), from asm/unistd_64.h and asm-generic/unistd.h
    "read": (0, 63), "write": (1, 64), "pread64": (17, 67), "recvmsg": (47, 212), "close": (3, 57), "lseek": (8, 62),
    "fstat": (5, 80), "newfstatat": (262, 79), "dup": (32, 23), "poll": (7, 73), "ppoll": (271, 73),
    "munmap": (11, 215), "mremap": (25, 216), "madvise": (28, 233), "brk": (12, 214), "futex": (202, 98),
    "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139), "sigaltstack": (131, 132),
    "getpid": (39, 172), "gettid": (186, 178), "exit": (60, 93), "exit_group": (231, 94), "rseq": (334, 293),
    "clock_gettime": (228, 113), "clock_getres": (229, 114), "clock_nanosleep": (230, 115), "nanosleep": (35, 101),
    "gettimeofday": (96, 169), "getrandom": (318, 278), "getrusage": (98, 165), "sched_yield": (24, 124),
    "membarrier": (324, 283), "restart_syscall": (219, 128),
}  # fmt: skip

MACHINES: Final = {
    "x86_64": Machine(0xC000003E, tuple(sorted({x86 for x86, _ in _CALLS.values()})), 9, 10, 72),
    "aarch64": Machine(0xC00000B7, tuple(sorted({arm for _, arm in _CALLS.values()})), 222, 226, 25),
}
COMMANDS: Final = (0, 1, 2, 3, 1030)
"""F_DUPFD, F_GETFD, F_SETFD, F_GETFL and F_DUPFD_CLOEXEC of linux/fcntl.h. Others let the kernel send signals to other
processes: F_SETOWN and F_SETSIG, with O_ASYNC by F_SETFL (fcntl(2), Managing signals)."""
