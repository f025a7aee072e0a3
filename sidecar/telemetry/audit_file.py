"""The file of the audit log: several processes append to it, and turn it over by its size."""

import contextlib
import errno
import fcntl
import os
from itertools import count
from pathlib import Path
from typing import Final

_APPEND: Final = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NONBLOCK
_OURS: Final = 0o640
_ATTEMPTS: Final = 100
"""How often another process may turn the file over while this one waits for it."""


class _CutError(Exception):
    """The disk took no more than so many bytes of some lines."""

    def __init__(self, written: int, error: OSError) -> None:
        super().__init__(error.strerror or type(error).__name__)
        self.written = written


class AuditFile:
    """Opened for every group of lines: whoever holds the lock on the file that has the name may write, or turn it over.

    So processes need not know of each other, and what somebody moves or deletes is made anew.
    """

    def __init__(self, path: str, max_size: int, keep: int) -> None:
        self._path = Path(path)
        self._max_size = max_size
        self._keep = keep

    def append(self, lines: bytes) -> tuple[int, str]:
        """Append whole lines; how many could not be written, and why."""
        rest = memoryview(lines)
        try:
            while rest:
                descriptor = self._locked()
                try:
                    rest = rest[self._append_some(descriptor, bytes(rest)) :]
                finally:
                    os.close(descriptor)
        except _CutError as error:  # what room there was may have taken half a line
            return bytes(rest[error.written :]).count(b"\n"), str(error)
        except OSError as error:
            return bytes(rest).count(b"\n"), error.strerror or type(error).__name__
        return 0, ""

    def _locked(self) -> int:
        """The file that has the name now, locked for this process."""
        for _ in range(_ATTEMPTS):
            descriptor = os.open(self._path, _APPEND, _OURS)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX)
                if _is_same(descriptor, self._path):
                    return descriptor
            except BaseException:
                os.close(descriptor)
                raise
            os.close(descriptor)
        raise OSError(errno.EAGAIN, "it is replaced again and again")

    def _append_some(self, descriptor: int, lines: bytes) -> int:
        """Write what fits into this file, at least one line into an empty one; how many bytes of it are done."""
        size = os.fstat(descriptor).st_size
        fitting = _whole_lines(lines, self._max_size - size)
        if not fitting and size:
            self._turn_over()
            return 0
        group = lines[: fitting or lines.index(b"\n") + 1]
        if not _ends_well(descriptor, size):
            os.write(descriptor, b"\n")
        _write_all(descriptor, group)
        return len(group)

    def _turn_over(self) -> None:
        """`FILE` becomes `FILE.1`, that `FILE.2`, and so on; the oldest goes, and what a larger `keep` had left."""
        for number in count(self._keep + 1):
            if not self._older(number).exists():
                break
            self._older(number).unlink()
        if not self._keep:
            self._path.unlink()
            return
        for number in range(self._keep - 1, 0, -1):
            with contextlib.suppress(FileNotFoundError):
                self._older(number).replace(self._older(number + 1))
        self._path.replace(self._older(1))

    def _older(self, number: int) -> Path:
        return self._path.with_name(f"{self._path.name}.{number}")


def probe_file(path: str) -> str | None:
    """Why a file that is there cannot be appended to, None if it can; waits for nobody who has it locked."""
    try:
        os.close(os.open(path, _APPEND & ~os.O_CREAT))
    except OSError as error:
        return error.strerror or type(error).__name__
    return None


def _is_same(descriptor: int, path: Path) -> bool:
    try:
        named = path.stat()
    except FileNotFoundError:
        return False
    return os.path.samestat(named, os.fstat(descriptor))


def _whole_lines(lines: bytes, room: int) -> int:
    """Bytes of the lines that fit."""
    return len(lines) if len(lines) <= room else lines.rfind(b"\n", 0, max(0, room)) + 1


def _ends_well(descriptor: int, size: int) -> bool:
    """Whether the file ends with a line: a process that died, or a full disk, may have left half of one."""
    return not size or os.pread(descriptor, 1, size - 1) == b"\n"


def _write_all(descriptor: int, lines: bytes) -> None:
    rest = memoryview(lines)
    try:
        while rest:
            rest = rest[os.write(descriptor, rest) :]
    except OSError as error:
        raise _CutError(len(lines) - len(rest), error) from error
