"""Size of a JPEG XL image (ISO/IEC 18181-1, SizeHeader), bare or in boxes, and what these tell (18181-2, 9)."""

from typing import Final

from sidecar.inspection.formats.anatomy import Anatomy, DamagedError, Data
from sidecar.inspection.formats.images.boxes import boxes
from sidecar.inspection.formats.images.tiff import layout_of

BARE: Final = b"\xff\x0a"
BOXED: Final = b"\0\0\0\x0cJXL \r\n\x87\n"
_BEFORE_PIXELS: Final = {b"jxlc": 0, b"jxlp": 4}
"""Bytes before the codestream, or a part of it."""
_BEFORE_EXIF: Final = 4
_LONGEST: Final = 10
_BITS: Final = (9, 13, 18, 30)
_RATIOS: Final = ((1, 1), (1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))


def walk(data: Data, anatomy: Anatomy) -> None:
    """Find the codestream, and read its first bits."""
    start = _codestream(data, anatomy)
    if data[start : start + 2] != BARE:
        raise DamagedError("there are no pixels")
    head = data[start + 2 : start + 2 + _LONGEST]
    if len(head) < _LONGEST:
        raise DamagedError("it ends too early")
    anatomy.measure(*_size(int.from_bytes(head, "little")))
    anatomy.frames = 1


def _codestream(data: Data, anatomy: Anatomy) -> int:
    """Where the first begins; what the boxes tell besides is taken in."""
    if data[:2] == BARE:
        return 0
    starts = []
    for box in boxes(data, 0, len(data)):
        if box.type in _BEFORE_PIXELS:
            starts.append(box.start + _BEFORE_PIXELS[box.type])
        elif box.type == b"Exif":
            bare = layout_of(data, box.start) is not None  # as the plug-in of Pillow writes it
            anatomy.note("EXIF", box.start + (0 if bare else _BEFORE_EXIF), box.end)
        elif box.type == b"xml ":
            anatomy.note("XMP", box.start, box.end)
    if not starts:
        raise DamagedError("there are no pixels")
    return starts[0]


def _size(bits: int) -> tuple[int, int]:
    """Width and height; the bits are read from the lowest."""
    small, bits = bits & 1, bits >> 1
    height, bits = _side(bits, small=small)
    ratio, bits = bits & 7, bits >> 3
    if ratio:
        numerator, denominator = _RATIOS[ratio]
        return height * numerator // denominator, height
    return _side(bits, small=small)[0], height


def _side(bits: int, *, small: int) -> tuple[int, int]:
    if small:
        return ((bits & 31) + 1) * 8, bits >> 5
    width = _BITS[bits & 3]
    return (bits >> 2 & ((1 << width) - 1)) + 1, bits >> 2 + width
