"""Structure of JPEG (ITU-T T.81, annex B)."""

import re
from collections.abc import Iterator
from struct import Struct
from typing import Final, NamedTuple

from sidecar.inspection.formats.anatomy import Anatomy, DamagedError, Data, require, unpack
from sidecar.inspection.formats.images import jpeg_trailers

SIGNATURE: Final = b"\xff\xd8\xff"
SOI, EOI, SOS, DNL, COM, FIRST = 0xD8, 0xD9, 0xDA, 0xDC, 0xFE, 0xC0
APP0, APP1, APP2, APP14 = 0xE0, 0xE1, 0xE2, 0xEE
EXIF: Final = b"Exif\0\0"
XMP: Final = b"http://ns.adobe.com/x"
ICC: Final = b"ICC_PROFILE\0"
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD8)})
_LENGTH: Final = Struct(">H")
_FRAME: Final = Struct(">xHH")
# In entropy-coded data a byte FF is followed by 00, by a restart, or it is a marker (B.1.1.5).
_MARKER: Final = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_BLOCKS: Final = ((APP1, EXIF, "EXIF"), (APP1, XMP, "XMP"), (APP2, ICC, "ICC profile"), (COM, b"", "comment"))


class Segment(NamedTuple):
    """One marker segment; `at` is its marker, `start` and `end` are of what its length covers.

    Of a scan, `end` is where its entropy-coded data ends.
    """

    marker: int
    at: int
    start: int
    end: int


def segments(data: Data, anatomy: Anatomy, start: int = 0) -> Iterator[Segment]:
    """All segments behind the SOI to the EOI, or to the end of the file within a scan.

    Raises:
        DamagedError: what should be a marker is none, or the file ends first.
    """
    at, scanned = start + 2, False
    while True:
        anatomy.step()
        found = _MARKER.search(data, at)
        if found is None:
            if scanned:
                return  # decoders show what is there: B.2.1 wants an EOI, cameras that lost power wrote none
            raise DamagedError("it ends too early")
        marker = data[found.end() - 1]
        anatomy.note("bytes between segments", at, found.start())
        segment = _segment(data, marker, found.end())
        yield segment
        at, scanned = segment.end, scanned or marker == SOS
        if marker == EOI:
            return


def _segment(data: Data, marker: int, at: int) -> Segment:
    if marker == EOI or marker in _ALONE:
        return Segment(marker, at - 2, at, at)
    if marker < FIRST or marker == SOI:
        raise DamagedError("a marker that has no place there")
    (length,) = unpack(_LENGTH, data, at)
    end = require(data, at + length)
    if length < _LENGTH.size:
        raise DamagedError("a segment without a length")
    if marker == SOS:
        following = _MARKER.search(data, end)
        end = following.start() if following else len(data)
    return Segment(marker, at - 2, at + 2, end)


def walk(data: Data, anatomy: Anatomy) -> None:
    """Follow the segments, and what cameras write behind the image."""
    end = walk_one(data, anatomy, 0)
    anatomy.image_end = anatomy.end = end
    anatomy.end = jpeg_trailers.end_of(data, anatomy, end, walk_one)


def walk_one(data: Data, anatomy: Anatomy, start: int) -> int:
    """Follow one image to its end.

    Raises:
        DamagedError: it has none.
    """
    sized = scanned = False
    end = len(data)
    for segment in segments(data, anatomy, start):
        end = segment.end
        if segment.marker in _FRAMES:
            sized = _measure(data, segment, anatomy)
        elif segment.marker == DNL:
            anatomy.measure(anatomy.width, *unpack(_LENGTH, data, segment.start))
        elif segment.marker == SOS:
            scanned = True
        else:
            anatomy.note(kind_of(data, segment), segment.start, segment.end)
    if not (sized and scanned):
        raise DamagedError("there are no pixels")
    anatomy.frames += 1
    return end


def _measure(data: Data, segment: Segment, anatomy: Anatomy) -> bool:
    height, width = unpack(_FRAME, data, segment.start)
    if not width:
        raise DamagedError("it has no size")
    anatomy.width = anatomy.width or width
    anatomy.measure(width, height)
    return True


def kind_of(data: Data, segment: Segment) -> str:
    """What a segment other than pixels holds."""
    start = data[segment.start : segment.start + 32]
    for marker, prefix, kind in _BLOCKS:
        if segment.marker == marker and start.startswith(prefix):
            return kind
    return "segment"
