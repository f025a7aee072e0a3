"""Boxes of the ISO base media file format (ISO/IEC 14496-12, section 4.2)."""

from collections.abc import Iterator
from struct import Struct
from typing import Final, NamedTuple

from sidecar.inspection.formats.anatomy import Data

FILM: Final = frozenset({
    b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"uuid", b"moof", b"mfra", b"meta", b"udta", b"sidx", b"styp",
    b"pdin", b"pnot", b"prft", b"emsg", b"ssix", b"sefd",
})  # fmt: skip
"""Boxes at the top of a film."""
_HEAD: Final = Struct(">I4s")
_LARGE: Final = Struct(">Q")
_MOST: Final = 20_000


class Box(NamedTuple):
    """One box; `start` and `end` are of what it holds."""

    type: bytes
    start: int
    end: int


def boxes(data: Data, at: int, end: int) -> Iterator[Box]:
    """Boxes one after the other; ends silently at the first that is none, or that does not fit."""
    for _ in range(_MOST):
        if at + 8 > end:
            return
        size, kind = _HEAD.unpack_from(data, at)
        start = at + 8
        if size == 1 and start + 8 <= end:
            (size,) = _LARGE.unpack_from(data, start)
            start += 8
        elif size == 0:
            size = end - at
        if at + size < start or at + size > end:
            return
        yield Box(kind, start, at + size)
        at += size
