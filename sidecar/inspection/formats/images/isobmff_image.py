"""Structure of images in boxes: HEIF and AVIF (ISO/IEC 23008-12), JPEG 2000 (ISO/IEC 15444-1)."""

from collections.abc import Iterator
from struct import Struct
from typing import Final

from sidecar.inspection.formats.anatomy import Anatomy, DamagedError, Data, unpack
from sidecar.inspection.formats.images.boxes import Box, boxes
from sidecar.inspection.formats.images.heif_items import ITEMS, note_items

_HOLDERS: Final = {
    b"meta": 4, b"iprp": 0, b"ipco": 0, b"moov": 0, b"trak": 0, b"mdia": 0, b"minf": 0, b"stbl": 0, b"jp2h": 0,
    b"stsd": 8,
}  # fmt: skip
"""Boxes that hold boxes, and the bytes before those."""
_TRACKS: Final = frozenset({b"av01", b"hvc1", b"hev1", b"vvc1", b"j2ki", b"avc1"})
_EXTENT: Final = Struct(">III")
_HEADER: Final = Struct(">II")
_SAMPLES: Final = Struct(">III")
_ENTRY: Final = Struct(">HH")
_DEEP: Final = 8


def walk(data: Data, anatomy: Anatomy) -> None:
    """Find the sizes of all pictures, and the frames of all sequences."""
    items = []
    for box in _within(data, 0, len(data), 0, anatomy):
        _measure(data, box, anatomy)
        if box.type in ITEMS and box.start < box.end:
            items.append(box)
    note_items(data, items, anatomy)
    anatomy.frames = max(anatomy.frames, 1)
    if not anatomy.pixels:
        raise DamagedError("it has no size")


def _within(data: Data, at: int, end: int, depth: int, anatomy: Anatomy) -> Iterator[Box]:
    for box in boxes(data, at, end):
        anatomy.step()
        yield box
        if box.type in _HOLDERS and depth < _DEEP:
            yield from _within(data, box.start + _HOLDERS[box.type], box.end, depth + 1, anatomy)


def _measure(data: Data, box: Box, anatomy: Anatomy) -> None:
    if box.type == b"ispe":
        anatomy.measure(*unpack(_EXTENT, data, box.start)[1:])
    elif box.type == b"ihdr":
        height, width = unpack(_HEADER, data, box.start)
        anatomy.measure(width, height)
    elif box.type in _TRACKS:
        anatomy.measure(*unpack(_ENTRY, data, box.start + 24))
    elif box.type == b"stsz":
        anatomy.frames = max(anatomy.frames, unpack(_SAMPLES, data, box.start)[2])
    elif box.type in {b"xml ", b"uuid"}:
        anatomy.note("XMP", box.start, box.end)
