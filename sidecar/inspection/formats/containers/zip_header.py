"""The header before an entry's bytes in a ZIP (APPNOTE 4.3.7), against which the directory is held."""

import struct
from typing import Final, NamedTuple

from sidecar.inspection.formats.anatomy import Data
from sidecar.inspection.formats.containers.zip_directory import Entry, ZipError
from sidecar.inspection.formats.containers.zip_extras import Extras, read_extras

SIGNATURE: Final = b"PK\3\4"

_HEADER: Final = struct.Struct("<4s5H3L2H")
_ENCRYPTED: Final = 1
_DESCRIBED_BEHIND: Final = 8


class Header(NamedTuple):
    """One header as it stands there."""

    name: bytes
    method: int
    encrypted: bool
    described_behind: bool
    """Its size stands behind it, so that who reads from the beginning must find its end (APPNOTE 4.4.4, bit 3)."""
    crc: int
    packed: int
    size: int
    start: int
    """Where the bytes begin."""
    extras: Extras


def header_at(data: Data, at: int) -> Header:
    """The header there.

    Raises:
        ZipError: there is none.
    """
    if at < 0 or data[at : at + 4] != SIGNATURE or at + _HEADER.size > len(data):
        raise ZipError("an entry has no header of its own")
    _, _, flags, method, _, _, crc, packed, size, names, extras = _HEADER.unpack_from(data, at)
    name_end = at + _HEADER.size + names
    name, extra = bytes(data[at + _HEADER.size : name_end]), bytes(data[name_end : name_end + extras])
    told = read_extras(extra, name, size, packed)
    size, packed = told.values
    return Header(
        name,
        method,
        bool(flags & _ENCRYPTED),
        bool(flags & _DESCRIBED_BEHIND),
        crc,
        packed,
        size,
        name_end + extras,
        told,
    )


def difference(entry: Entry, own: Header) -> str:
    """In what the header differs from the directory; empty if in nothing."""
    if own.name != entry.name:
        return "name"
    if own.method != entry.method or own.encrypted != entry.encrypted:
        return "method"
    numbers, stated = (own.crc, own.packed, own.size), (entry.crc, entry.packed, entry.size)
    behind = own.described_behind and all(here in {0, each} for here, each in zip(numbers, stated, strict=True))
    return "" if numbers == stated or behind else "size or checksum"
