"""Compound files (MS-CFB): their directory and streams, read without believing their chains."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from sidecar.inspection.formats.anatomy import Data
from sidecar.inspection.formats.bounds import Budget

MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADER: Final = struct.Struct("<8s16s5H6s9L")
_ENTRY: Final = struct.Struct("<64sHBB3L16sL16sLQ")
_MOST_ENTRIES: Final = 100_000
_LAST_SECTOR: Final = 0xFFFFFFFA
_IN_HEADER: Final = 109
_STORAGES: Final = frozenset({1, 5})
_STREAM: Final = 2
_ROOT: Final = 5
_SHIFTS: Final = range(7, 17)
_LEAST_READ: Final = 1024 * 1024
_READ_PER_BYTE: Final = 4
"""Bytes of streams that are read for each of the file: those of a presentation are read twice."""
_VISITS_PER_ENTRY: Final = 4
"""A storage has its entries for itself: all storages together visit each once."""
_TABLE_MOST: Final = 8192
"""Sectors of the table: a file of 500 MB has so many of 512 bytes."""


class OleError(Exception):
    """It cannot be read as a compound file; the message says where it breaks."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One storage or stream."""

    name: str
    storage: bool
    class_id: bytes
    start: int
    size: int
    beside: tuple[int, int]
    """Where the directory goes on from it, to the left and to the right."""
    first: int
    """Where the directory of a storage begins."""


class CompoundFile:
    """One compound file.

    Attributes:
        entries: all of its storages and streams, whether a tree leads to them or not.
        root: the class of the whole file.
    """

    def __init__(self, data: Data) -> None:
        """Read the tables and the directory.

        Raises:
            OleError: they cannot be read.
        """
        if len(data) < _HEADER.size or data[:8] != MAGIC:
            raise OleError("no header")
        _, _, _, major, _, shift, small, _, _, _, first, _, cutoff, small_first, _, more, _ = _HEADER.unpack_from(data)
        if shift not in _SHIFTS or small not in range(3, shift):
            raise OleError("sectors of an impossible size")
        self._data, self._sector, self._small, self._cutoff = data, 1 << shift, 1 << small, cutoff
        self._most_sectors = len(data) // self._sector + 1
        self._budget = Budget(_LEAST_READ + len(data) * _READ_PER_BYTE, "bytes in its streams")
        self._wide = major > 3  # noqa: PLR2004 - sizes have 64 bits from version 4 on
        self._table = _numbers(b"".join(map(self._at, self._places_of_table(more))))
        self._small_table = _numbers(b"".join(map(self._at, self._chain(small_first))))
        self.entries: list[Entry] = []
        self._numbered: dict[int, Entry] = {}
        self._slots = 0
        self.root = b""
        self._holder: list[int] = []
        self._read_directory(first)
        self._visits = Budget(_VISITS_PER_ENTRY * len(self.entries), "entries that storages share")

    def read(self, entry: Entry, most: int) -> bytes:
        """The first bytes of a stream, as many as there are and are wanted.

        Raises:
            TooMuchError: all that was read is far more than the file holds: its streams share their bytes.
        """
        return b"".join(self.pieces(entry, most))

    def pieces(self, entry: Entry, most: int | None = None) -> Iterator[bytes]:
        """A stream, or the first bytes of it, sector by sector.

        Raises:
            TooMuchError: as for `read`.
        """
        left = entry.size if most is None else min(most, entry.size)
        if entry.size >= self._cutoff:
            pieces = (self._at(number) for number in self._chain(entry.start))
        else:
            pieces = (self._small_at(number) for number in _chained(self._small_table, entry.start))
        while left > 0 and (piece := next(pieces, b"")):
            self._budget.spend(len(piece))
            yield piece[:left]
            left -= len(piece)

    def within(self, storage: Entry) -> Iterator[Entry]:
        """What stands in a storage itself, each once.

        Raises:
            TooMuchError: storages share what they hold, over and over.
        """
        seen: set[int] = set()
        ahead = [storage.first]
        while ahead:
            number = ahead.pop()
            if number in seen or (entry := self._numbered.get(number)) is None:
                continue
            self._visits.spend(1)
            seen.add(number)
            ahead += entry.beside
            yield entry

    def _places_of_table(self, more: int) -> list[int]:
        """The sectors of the table: the first in the header, the others in sectors that lead to each other."""
        places = list(struct.unpack_from(f"<{_IN_HEADER}L", bytes(self._data[76:512]).ljust(436, b"\xff")))
        seen: set[int] = set()
        while more < _LAST_SECTOR and more not in seen and len(places) < _TABLE_MOST:
            seen.add(more)
            numbers = _numbers(self._at(more))
            if not numbers:
                break
            places += numbers[:-1]
            more = numbers[-1]
        return [place for place in dict.fromkeys(places) if place < _LAST_SECTOR][:_TABLE_MOST]

    def _at(self, number: int) -> bytes:
        start = (number + 1) * self._sector
        return self._data[start : start + self._sector]

    def _small_at(self, number: int) -> bytes:
        which, within = divmod(number * self._small, self._sector)
        if which >= len(self._holder):
            return b""
        start = (self._holder[which] + 1) * self._sector + within
        return self._data[start : start + self._small]

    def _chain(self, start: int) -> Iterator[int]:
        return islice(_chained(self._table, start), self._most_sectors)

    def _read_directory(self, first: int) -> None:
        for number in self._chain(first):
            sector = self._at(number)
            for at in range(0, len(sector) - _ENTRY.size + 1, _ENTRY.size):
                self._add(_ENTRY.unpack_from(sector, at))
            if len(self.entries) > _MOST_ENTRIES:
                raise OleError("too many streams")
        if not self.entries:
            raise OleError("no directory")

    def _add(self, fields: tuple[bytes, int, int, int, int, int, int, bytes, int, bytes, int, int]) -> None:
        raw, length, kind, _, left, right, first, class_id, _, _, start, size = fields
        number, self._slots = self._slots, self._slots + 1
        if kind not in _STORAGES and kind != _STREAM:
            return
        name = raw[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
        if kind == _ROOT and not self._holder:
            self.root = class_id
            self._holder = list(self._chain(start))
        size = size if self._wide else size & 0xFFFFFFFF
        entry = Entry(name, kind in _STORAGES, class_id, start, size, (left, right), first)
        self._numbered[number] = entry
        self.entries.append(entry)


def _numbers(data: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(data) // 4}L", data[: len(data) // 4 * 4])


def _chained(table: tuple[int, ...], start: int) -> Iterator[int]:
    """The sectors that follow each other; a loop ends when it has as many as the table."""
    left = len(table)
    while start < len(table) and left:
        yield start
        start, left = table[start], left - 1
