"""What a HEIF or AVIF keeps beside its pixels: items with EXIF and XMP (ISO/IEC 14496-12, 8.11; 23008-12, annex A)."""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from sidecar.inspection.formats.anatomy import Anatomy, Data
from sidecar.inspection.formats.images.boxes import Box, boxes

ITEMS: Final = frozenset({b"iinf", b"iloc", b"idat"})
"""Boxes that tell of them."""
_BEFORE_EXIF: Final = 4
"""Bytes that tell where in the item the TIFF begins."""
_IN_FILE, _IN_BOX = 0, 1
"""Where the offsets of an item count from."""


class _Extent(NamedTuple):
    item: int
    method: int
    start: int
    size: int


def note_items(data: Data, found: Iterable[Box], anatomy: Anatomy) -> None:
    """Take in the items that are no pixels.

    Args:
        data: the whole image.
        found: its boxes `iinf`, `iloc` and `idat`.
        anatomy: grows by them.

    Raises:
        DamagedError: there are too many.
    """
    held = list(found)
    kinds = {item: kind for box in held if box.type == b"iinf" for item, kind in _kinds(data, box, anatomy)}
    inner = next((box.start for box in held if box.type == b"idat"), 0)
    for extent in (each for box in held if box.type == b"iloc" for each in _extents(data, box, anatomy)):
        if extent.item in kinds and extent.method in {_IN_FILE, _IN_BOX}:
            start = extent.start + (inner if extent.method == _IN_BOX else 0)
            end = min(start + extent.size, len(data)) if extent.size else len(data)
            kind = kinds[extent.item]
            anatomy.note(kind, start + (_BEFORE_EXIF if kind == "EXIF" else 0), end)


def _kinds(data: Data, box: Box, anatomy: Anatomy) -> Iterator[tuple[int, str]]:
    """The items that hold EXIF, XMP or a file of some type."""
    for entry in boxes(data, box.start + (6 if data[box.start] == 0 else 8), box.end):
        anatomy.step()
        if entry.start == entry.end:
            continue
        wide = 4 if data[entry.start] > 2 else 2  # noqa: PLR2004 - the third version
        at = entry.start + 4
        item, kind = int.from_bytes(data[at : at + wide]), data[at + wide + 2 : at + wide + 6]
        if kind == b"Exif":
            yield item, "EXIF"
        elif kind == b"mime":
            yield item, "XMP" if data[at : entry.end].find(b"xml") >= 0 else "item"


def _extents(data: Data, box: Box, anatomy: Anatomy) -> Iterator[_Extent]:
    """Where the items stand, each perhaps in pieces."""
    numbers = _Numbers(data, box.start, box.end)
    version, _flags, sizes, bases = numbers.next(1), numbers.next(3), numbers.next(1), numbers.next(1)
    wide = 4 if version > 1 else 2
    for _ in range(numbers.next(wide)):
        if numbers.ended():
            return
        anatomy.step()
        item, method = numbers.next(wide), numbers.next(2) & 15 if version else _IN_FILE
        _reference, base = numbers.next(2), numbers.next(bases >> 4)
        for _ in range(numbers.next(2)):
            if numbers.ended():
                return
            anatomy.step()
            numbers.next(bases & 15 if version else 0)
            yield _Extent(item, method, base + numbers.next(sizes >> 4), numbers.next(sizes & 15))


class _Numbers:
    """Numbers one behind another."""

    def __init__(self, data: Data, at: int, end: int) -> None:
        self._data, self._at, self._end = data, at, end

    def ended(self) -> bool:
        """Whether there are none left."""
        return self._at >= self._end

    def next(self, size: int) -> int:
        """The next, of so many bytes."""
        self._at += size
        return int.from_bytes(self._data[self._at - size : self._at])
