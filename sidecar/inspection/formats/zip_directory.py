"""The directory of a ZIP file (APPNOTE 6.3.10), read without believing it."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from mmap import mmap
from typing import Final

Data = bytes | mmap

_END: Final = struct.Struct("<4s4H2LH")
_END64: Final = struct.Struct("<4sQ2H2L4Q")
_LOCATOR: Final = struct.Struct("<4sLQL")
_CENTRAL: Final = struct.Struct("<4s6H3L5H2L")
_LOCAL: Final = struct.Struct("<4s5H3L2H")
_COMMENT_MOST: Final = 65_535
_MAX32: Final = 0xFFFFFFFF
_MAX16: Final = 0xFFFF
_ENCRYPTED: Final = 1
_DESCRIBED_BEHIND: Final = 8
_UTF8: Final = 0x800
_UNIX: Final = (3, 19)
_ZIP64: Final = 1


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
    """st_mode of Unix; 0 where another system wrote it."""

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
    end: int
    """Where the ZIP ends."""
    shift: int
    """Bytes before the ZIP by which all offsets are wrong."""
    count: int
    end_records: int
    """Records from the directory on that could be taken for the last."""


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
            return Directory(directory.start, directory.end, directory.shift, directory.count, count)
    raise ZipError("no end of the central directory")


def _at(data: Data, place: int) -> Directory | None:
    _, disk, _, _, count, size, offset, comment = _END.unpack_from(data, place)
    end, before = place + _END.size + comment, place
    if _MAX32 in {size, offset} or _MAX16 in {count, disk}:
        locator = place - _LOCATOR.size
        if locator >= 0 and data[locator : locator + 4] == b"PK\6\7":
            before = _LOCATOR.unpack_from(data, locator)[2]
            if before + _END64.size > locator or data[before : before + 4] != b"PK\6\6":
                return None
            count, size, offset = _END64.unpack_from(data, before)[7:]
    start = before - size
    if start < 0 or end > len(data) or (count and data[start : start + 4] != b"PK\1\2"):
        return None
    return Directory(start, end, start - offset, count, 1)


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
        size, packed, offset = _wide(bytes(data[name_end : name_end + extras]), size, packed, offset)
        mode = attributes >> 16 if made_by >> 8 in _UNIX else 0
        yield Entry(name, flags, method, crc, packed, size, offset + directory.shift, mode)
        at = name_end + extras + comments


def _wide(extra: bytes, *narrow: int) -> list[int]:
    """Size, packed size and offset, from the ZIP64 field where they do not fit (APPNOTE, section 4.5.3)."""
    values = list(narrow)
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == _ZIP64:
            body = extra[at + 4 : at + 4 + length]
            numbers = iter(struct.unpack(f"<{len(body) // 8}Q", body[: len(body) // 8 * 8]))
            values = [next(numbers, value) if value == _MAX32 else value for value in values]
        at += 4 + length
    return values


def data_of(data: Data, entry: Entry) -> tuple[int, str]:
    """Where an entry's bytes begin, and in what its own header differs from the directory; empty if in nothing.

    Raises:
        ZipError: there is no such header.
    """
    at = entry.offset
    if at < 0 or data[at : at + 4] != b"PK\3\4" or at + _LOCAL.size > len(data):
        raise ZipError("an entry has no header of its own")
    _, _, flags, method, _, _, crc, packed, size, names, extras = _LOCAL.unpack_from(data, at)
    name_end = at + _LOCAL.size + names
    name = bytes(data[at + _LOCAL.size : name_end])
    size, packed, _ = _wide(bytes(data[name_end : name_end + extras]), size, packed, 0)
    return name_end + extras, _difference(entry, name, flags, method, (crc, packed, size))


def _difference(entry: Entry, name: bytes, flags: int, method: int, numbers: tuple[int, int, int]) -> str:
    if name != entry.name:
        return "name"
    if method != entry.method or (flags ^ entry.flags) & _ENCRYPTED:
        return "method"
    stated = (entry.crc, entry.packed, entry.size)
    behind = flags & _DESCRIBED_BEHIND and all(own in {0, each} for own, each in zip(numbers, stated, strict=True))
    return "" if numbers == stated or behind else "size or checksum"
