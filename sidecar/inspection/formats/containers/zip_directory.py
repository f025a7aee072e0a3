"""The directory of a ZIP file (APPNOTE 6.3.10), read without believing it."""

import stat
import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from sidecar.inspection.formats.anatomy import Data
from sidecar.inspection.formats.containers.zip_extras import Extras, read_extras

MARKER: Final = b"PK00"
"""Before an archive that was to be split, and needed only one piece (APPNOTE 8.5.4)."""
BEGINS: Final = (b"PK\3\4", b"PK\5\6", b"PK\7\x08", MARKER + b"PK\3\4")
"""What a ZIP begins with: an entry, the end of an empty one, the marker of one that was split, or that other marker."""

_END: Final = struct.Struct("<4s4H2LH")
_END64: Final = struct.Struct("<4sQ2H2L4Q")
_LOCATOR: Final = struct.Struct("<4sLQL")
_CENTRAL: Final = struct.Struct("<4s6H3L5H2L")
_COMMENT_MOST: Final = 65_535
_MAX32: Final = 0xFFFFFFFF
_MAX16: Final = 0xFFFF
_ENCRYPTED: Final = 1
_UTF8: Final = 0x800
_UNIX: Final = (3, 19)


class ZipError(Exception):
    """It cannot be read as a ZIP; the message says where it breaks."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as the central directory has it."""

    name: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int
    mode: int
    """st_mode of Unix; 0 where another system wrote it, but for links."""
    extras: Extras
    record_end: int
    """Where its record in the directory ends."""

    @property
    def encrypted(self) -> bool:
        """Whether a password is needed."""
        return bool(self.flags & _ENCRYPTED)

    @property
    def path(self) -> bytes:
        """The name in UTF-8."""
        if self.flags & _UTF8:
            return self.name
        try:
            self.name.decode()
        except UnicodeDecodeError:
            return self.name.decode("cp437").encode()
        return self.name


@dataclass(frozen=True, slots=True)
class Directory:
    """The end records and what they lead to."""

    start: int
    """Offset of the central directory."""
    stop: int
    """Where the end records begin, up to which the directory must reach (APPNOTE 4.3.6)."""
    end: int
    """Where the ZIP ends."""
    shift: int
    """Bytes before the ZIP by which all offsets are wrong."""
    count: int
    end_records: int
    """Records from the directory on that could be taken for the last."""
    disagree: bool
    """The ZIP64 end record says something else than the end record, or does not stand where it should."""


def find(data: Data) -> Directory:
    """The directory.

    Raises:
        ZipError: there is none.
    """
    floor = max(0, len(data) - _COMMENT_MOST - _END.size - 1)
    places: list[int] = []
    at = len(data)
    while (at := data.rfind(b"PK\5\6", floor, at)) >= 0 and len(places) < 100:  # noqa: PLR2004 - enough to see that
        places.append(at)
    for place in places:
        if place + _END.size > len(data):
            continue
        directory = _at(data, place)
        if directory is not None:
            count = sum(directory.start <= each for each in places)
            return replace(directory, end_records=count)
    raise ZipError("no end of the central directory")


def _at(data: Data, place: int) -> Directory | None:
    *_, count, size, offset, comment = _END.unpack_from(data, place)
    end, stop, agree, locator = place + _END.size + comment, place, True, max(0, place - _LOCATOR.size)
    if data[locator : locator + 4] == b"PK\6\7":
        narrow, at = (count, size, offset), locator - _END64.size
        agree = at >= 0 and data[at : at + 4] == b"PK\6\6"
        if agree:
            count, size, offset = wide = _END64.unpack_from(data, at)[7:]
            stop, leads_to = at, _LOCATOR.unpack_from(data, locator)[2] + (at - size - offset)
            agree = leads_to == at and all(map(_fits, narrow, wide, (_MAX16, _MAX32, _MAX32)))
    start = stop - size
    if start < 0 or end > len(data) or (count and data[start : start + 4] != b"PK\1\2"):
        return None
    return Directory(start, stop, end, start - offset, count, 1, disagree=not agree)


def _fits(narrow: int, wide: int, most: int) -> bool:
    """Whether a field of the end record says the same as ZIP64, or leaves it to that (APPNOTE 4.4.1.4)."""
    return narrow in {wide, most}


def entries(data: Data, directory: Directory) -> Iterator[Entry]:
    """The entries in order.

    Raises:
        ZipError: the directory breaks off.
    """
    at = directory.start
    for _ in range(directory.count):
        if data[at : at + 4] != b"PK\1\2" or at + _CENTRAL.size > len(data):
            raise ZipError("the central directory breaks off")
        fields = _CENTRAL.unpack_from(data, at)
        _, made_by, _, flags, method, _, _, crc, packed, size, names, extras, comments, _, _, attributes, offset = (
            fields
        )
        name_end = at + _CENTRAL.size + names
        name = bytes(data[at + _CENTRAL.size : name_end])
        extra = bytes(data[name_end : name_end + extras])
        told = read_extras(extra, name, size, packed, offset)
        size, packed, offset = told.values
        at, mode = name_end + extras + comments, _mode(made_by >> 8, attributes >> 16)
        yield Entry(name, flags, method, crc, packed, size, offset + directory.shift, mode, told, at)


def _mode(system: int, mode: int) -> int:
    """The mode, where it is one: for links readers ask no system (7-Zip DOS, Info-ZIP OpenVMS, Atari, BeOS, AtheOS)."""
    return mode if system in _UNIX or stat.S_ISLNK(mode) else 0
