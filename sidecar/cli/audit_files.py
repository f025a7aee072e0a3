"""Reads the files of an audit log, oldest first, and says what in them could not be read."""

import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final, TextIO

from sidecar.cli.unreadable import UnreadableError
from sidecar.inspection.finding import printable
from sidecar.inspection.reason import Reason
from sidecar.telemetry.audit_read import LONGEST_LINE, AuditLineError, Line, OtherVersionError, Reader

_TURNED_OVER: Final = re.compile(r"(.*)\.([0-9]{1,4})")
_TOLD_EVERY: Final = 5000
_PAUSE: Final = 0.2
_LONGEST_NAME: Final = 200


@dataclass(slots=True)
class Unread:
    """Lines that say nothing."""

    cut: list[str] = field(default_factory=list)
    """Files whose last line has no end: still being written, or cut off."""
    broken: int = 0
    """Other lines that are none of the audit log."""
    broken_at: str = ""
    """The first of them."""
    other_version: int = 0
    version: str = ""
    """What the first of those was told as."""


class AuditFiles:
    """The files of one audit log, to be read more than once.

    Attributes:
        unread: what could not be read, of the newest reading.
        names: of the files in the order of reading, safe to print.
    """

    def __init__(self, paths: Iterable[Path], reasons: Iterable[Reason], progress: "Progress") -> None:
        self._paths = sorted(dict.fromkeys(paths), key=_age)
        self._reader = Reader({reason.code: reason for reason in reasons})
        self._progress = progress
        self.unread = Unread()
        self.names = tuple(printable(str(path), _LONGEST_NAME) for path in self._paths)

    def lines(self) -> Iterator[Line]:
        """Every upload.

        Raises:
            UnreadableError: a file cannot be read.
        """
        self.unread = Unread()
        done, total = 0, sum(map(_size, self._paths))
        for path, name in zip(self._paths, self.names, strict=True):
            try:
                with path.open("rb") as file:
                    for number, raw in enumerate(_raw_lines(file), 1):
                        done += len(raw)
                        if number % _TOLD_EVERY == 0:
                            self._progress.tell(done, total)
                        if (line := self._read(raw, name, number)) is not None:
                            yield line
            except OSError as error:
                raise _unreadable(path, error) from error
        self._progress.end()

    def _read(self, raw: bytes, name: str, number: int) -> Line | None:
        if not raw.endswith(b"\n") and len(raw) < LONGEST_LINE:
            self.unread.cut.append(name)
            return None
        try:
            return self._reader.read(raw)
        except OtherVersionError as error:
            self.unread.other_version += 1
            self.unread.version = self.unread.version or str(error)
        except AuditLineError:
            if raw != b"\n":
                self.unread.broken += 1
                self.unread.broken_at = self.unread.broken_at or f"{name}:{number}"
        return None


def _age(path: Path) -> tuple[str, int]:
    """Of one log `FILE.2` is older than `FILE.1`, and that older than `FILE`."""
    match = _TURNED_OVER.fullmatch(str(path))
    return (match[1], -int(match[2])) if match else (str(path), 0)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> UnreadableError:
    why = error.strerror or type(error).__name__
    return UnreadableError(f"{printable(str(path), _LONGEST_NAME)}: cannot be read: {why}; expected an audit log")


def _raw_lines(file: BinaryIO) -> Iterator[bytes]:
    """Lines of bounded length; one that is longer is given once, cut."""
    while raw := file.readline(LONGEST_LINE):
        yield raw
        while raw and not raw.endswith(b"\n") and len(raw) >= LONGEST_LINE:
            raw = file.readline(LONGEST_LINE)


class Progress:
    """How far the reading has come, on a terminal; nothing elsewhere."""

    def __init__(self, what: str, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._what = what
        self._stream = sys.stderr if stream is None else stream
        self._clock = clock
        self._shown = self._stream.isatty()
        self._next = 0.0
        self._told = False

    def tell(self, done: int, total: int) -> None:
        """Bytes of all; the line is written anew a few times in a second."""
        if not self._shown or (now := self._clock()) < self._next:
            return
        self._next, self._told = now + _PAUSE, True
        percent = 100 * done // total if total else 100
        self._stream.write(f"\r{self._what}: {min(percent, 100):3} % of {total / 1024**2:.0f} MiB")
        self._stream.flush()

    def end(self) -> None:
        """Leave no trace of it."""
        if self._told:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
        self._told = False
