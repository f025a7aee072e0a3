"""Sections of OneNote (MS-ONESTORE): the files and pictures in them, and the names of the files."""

import struct
from collections.abc import Iterator
from typing import Final
from uuid import UUID

from sidecar.inspection.formats.anatomy import Data
from sidecar.inspection.formats.bounds import Budget

BEGINS: Final = UUID("7B5C52E4-D88C-4DA7-AEB1-5378D02996D3").bytes_le
_OBJECT: Final = UUID("BDE316E7-2665-4511-A4C4-8D4D0B7A9EAC").bytes_le
_BEFORE_DATA: Final = 36
"""The identifier of an object, the length of its data, and twelve bytes that say nothing (section 2.6.13)."""
_PIECE: Final = 64 * 1024
_FILE_NAME: Final = struct.pack("<L", 0x1C001D9C)
"""EmbeddedFileName (MS-ONE, section 2.2.64)."""
_FIRST_PROPERTIES: Final = 64
"""Among so many of its object the name is looked for."""
_SIZES: Final = {1: 0, 2: 0, 3: 1, 4: 2, 5: 4, 6: 8, 8: 0, 9: 4, 10: 0, 11: 4, 12: 0, 13: 4}
"""Bytes of a property by its type (section 2.6.6); those of type 7 are told by a length before them."""
_WITH_LENGTH: Final = 7
_NAME_MOST: Final = 2048
_MOST_PLACES: Final = 10_000


def objects(data: Data) -> Iterator[Iterator[bytes]]:
    """The data of each file and picture, whether a page leads to it or not; of one that is cut short, what there is.

    Raises:
        TooMuchError: while the data is read: files share their bytes.
    """
    at, budget = data.find(_OBJECT), Budget(len(data) * 2, "bytes in its files")
    while at >= 0:
        start = at + _BEFORE_DATA
        end = start + int.from_bytes(data[at + 16 : at + 24], "little")
        yield _pieces(data, start, min(end, len(data)), budget)
        at = data.find(_OBJECT, at + 1)


def file_names(data: Data) -> Iterator[str]:
    """What the files are called.

    Raises:
        TooMuchError: more places look like names than there can be.
    """
    at, budget = data.find(_FILE_NAME), Budget(_MOST_PLACES, "names")
    while at >= 0:
        budget.spend(1)
        if name := _name(data, at):
            yield name
        at = data.find(_FILE_NAME, at + 1)


def _pieces(data: Data, start: int, end: int, budget: Budget) -> Iterator[bytes]:
    for at in range(start, end, _PIECE):
        piece = data[at : min(at + _PIECE, end)]
        budget.spend(len(piece))
        yield piece


def _name(data: Data, at: int) -> str:
    """The value of a property: their identifiers stand together behind their count, their values behind all of them."""
    for before in range(_FIRST_PROPERTIES):
        first = at - 4 * before
        if first < 2:  # noqa: PLR2004 - the count
            break
        count = int.from_bytes(data[first - 2 : first], "little")
        if before < count <= _FIRST_PROPERTIES and (name := _value(data, first, before, count)):
            return name
    return ""


def _value(data: Data, first: int, which: int, count: int) -> str:
    at = first + 4 * count
    for number in range(which):
        kind = data[first + 4 * number + 3] >> 2 & 31
        size = 4 + int.from_bytes(data[at : at + 4], "little") if kind == _WITH_LENGTH else _SIZES.get(kind)
        if size is None:
            return ""
        at += size
    size = int.from_bytes(data[at : at + 4], "little")
    if size > _NAME_MOST or size % 2:
        return ""
    return data[at + 4 : at + 4 + size].decode("utf-16-le", "replace").rstrip("\0")
