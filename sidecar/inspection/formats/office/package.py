"""The parts of a document that is a ZIP (ECMA-376 part 2, ODF 1.3 part 2), unpacked within bounds."""

import struct
from collections.abc import Iterator
from typing import Final, NamedTuple

from sidecar.inspection.formats.anatomy import Data
from sidecar.inspection.formats.containers.zip_directory import Entry, ZipError, entries, find
from sidecar.inspection.formats.containers.zip_header import header_at
from sidecar.inspection.formats.inflating import inflate

MOST_PARTS: Final = 20_000
PART_MOST: Final = 128 * 1024 * 1024
"""Bytes of one part: a sheet of a million rows has some 100 MB."""
_ALL_MOST: Final = 384 * 1024 * 1024
_HEAD: Final = 256
_STORED: Final = 0
_DEFLATED: Final = 8


class PartError(Exception):
    """A part cannot be read; the message says why."""


class Part(NamedTuple):
    """One part."""

    path: str
    """In lower case and with slashes, as some readers look for it: two parts may have one."""
    entry: Entry


class Package:
    """One such document.

    Attributes:
        parts: all of them.
        paths: where something stands.
        size: bytes of all of it, packed.
    """

    def __init__(self, data: Data) -> None:
        """Read the directory.

        Raises:
            ZipError: it cannot be read, or is larger than that of any honest document.
        """
        self.parts: list[Part] = []
        self.size = len(data)
        self._data = data
        self._left = _ALL_MOST
        try:
            directory = find(data)
            if directory.count > MOST_PARTS:
                raise ZipError("too many parts")
            self.parts += (Part(_path(entry), entry) for entry in entries(data, directory))
        except struct.error as error:
            raise ZipError("the directory breaks off") from error
        self.paths = frozenset(part.path for part in self.parts)

    def head(self, part: Part) -> bytes:
        """The first bytes of a part.

        Raises:
            PartError: it cannot be read.
        """
        return self._unpacked(part.entry, _HEAD)

    def read(self, part: Part) -> bytes:
        """A part.

        Raises:
            PartError: it cannot be read, or makes too much work.
        """
        data = self._unpacked(part.entry, min(PART_MOST, self._left) + 1)
        self._left -= len(data)
        if self._left < 0 or len(data) > PART_MOST:
            self._left = max(0, self._left)
            raise PartError("too large")
        return data

    def pieces(self, part: Part) -> Iterator[bytes]:
        """A part as a file of its own; nothing where it cannot be read."""
        try:
            yield self.read(part)
        except PartError:
            return

    def _unpacked(self, entry: Entry, most: int) -> bytes:
        try:
            start = header_at(self._data, entry.offset).start
        except (ZipError, struct.error) as error:
            raise PartError("damaged") from error
        if entry.encrypted:
            raise PartError("encrypted")
        if entry.method == _STORED:
            return self._data[start : start + min(entry.packed, most)]
        if entry.method != _DEFLATED:
            raise PartError("packed in an unknown way")
        taken = entry.packed if most > _HEAD else min(entry.packed, 2 * _HEAD)
        out = inflate(self._data[start : start + taken], most, raw=True)
        if not out.whole and most > _HEAD and len(out.data) < most:
            raise PartError("damaged")
        return out.data


def _path(entry: Entry) -> str:
    return entry.path.decode("utf-8", "replace").replace("\\", "/").lstrip("/").lower()
