"""Takes away from a process, for ever, every call to the kernel that it does not need (seccomp, mode 2)."""

import ctypes
import errno
import platform
from typing import Final

from sidecar.isolation.syscalls import COMMANDS, MACHINES, Machine

_LOAD: Final = 0x20  # BPF_LD | BPF_W | BPF_ABS
_EQUAL: Final = 0x15  # BPF_JMP | BPF_JEQ | BPF_K
_ANY_BIT: Final = 0x45  # BPF_JMP | BPF_JSET | BPF_K
_RETURN: Final = 0x06  # BPF_RET | BPF_K
_NUMBER: Final = 0  # struct seccomp_data: the call,
_ARCHITECTURE: Final = 4  # the machine,
_SECOND: Final = 24  # and the low half of the second argument (both machines are little-endian)
_THIRD: Final = 32  # and of the third
_FOURTH: Final = 40  # and fourth
_ALLOW: Final = 0x7FFF0000
_KILL: Final = 0x80000000
_REFUSE: Final = 0x00050000 | errno.EPERM
_PROT_EXEC: Final = 4
_UNCOUNTED: Final = 0x010D
"""MAP_GROWSDOWN and every type of map but MAP_PRIVATE (linux/mman.h): RLIMIT_DATA counts none of these."""
_PR_SET_SECCOMP: Final = 22
_MODE_FILTER: Final = 2

_Instruction = tuple[int, int, int, int]


class FilterError(Exception):
    """The kernel takes no filter; the message says why."""


class _SockFilter(ctypes.Structure):
    _fields_ = (("code", ctypes.c_ushort), ("jt", ctypes.c_ubyte), ("jf", ctypes.c_ubyte), ("k", ctypes.c_uint))


class _SockFprog(ctypes.Structure):
    _fields_ = (("len", ctypes.c_ushort), ("filter", ctypes.POINTER(_SockFilter)))


def program(machine: Machine) -> list[_Instruction]:
    """The filter as (code, jump if true, jump if false, constant).

    What is not allowed fails with EPERM, so that Python can say what it was; another machine's calls end the process.
    """
    most = len(COMMANDS)
    flags, protection, command, allow = 1, 3, 5, most + 7  # places behind the tests; jumps go forward alone
    numbers = [
        (machine.mmap, flags), (machine.mprotect, protection), (machine.fcntl, command),
        *((number, allow) for number in machine.allowed),
    ]  # fmt: skip
    return [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, machine.architecture),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        *((_EQUAL, len(numbers) - index - 1 + place, 0, number) for index, (number, place) in enumerate(numbers)),
        (_RETURN, 0, 0, _REFUSE),
        (_LOAD, 0, 0, _FOURTH),
        (_ANY_BIT, most + 3, 0, _UNCOUNTED),
        (_LOAD, 0, 0, _THIRD),
        (_ANY_BIT, most + 1, most + 2, _PROT_EXEC),
        (_LOAD, 0, 0, _SECOND),
        *((_EQUAL, most - index, 0, each) for index, each in enumerate(COMMANDS)),
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _ALLOW),
    ]


def install(libc: ctypes.CDLL) -> None:
    """Filter this process, which can gain no privileges any more, from here on.

    Args:
        libc: with `use_errno`.

    Raises:
        FilterError: the kernel does not take it, or the machine is another one.
    """
    machine = MACHINES.get(platform.machine())
    if machine is None:
        raise FilterError(f"there is no list of calls for {platform.machine()}")
    instructions = program(machine)
    filters = (_SockFilter * len(instructions))(*(_SockFilter(*each) for each in instructions))
    fprog = _SockFprog(len(instructions), filters)
    if libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(fprog)):
        raise FilterError(errno.errorcode.get(ctypes.get_errno(), "unknown error"))
