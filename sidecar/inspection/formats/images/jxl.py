"""Size of a JPEG XL image (ISO/IEC 18181-1, SizeHeader), bare or in boxes."""

from typing import Final

from sidecar.inspection.formats.anatomy import Anatomy, DamagedError, Data
from sidecar.inspection.formats.images.boxes import boxes

BARE: Final = b"\xff\x0a"
BOXED: Final = b"\0\0\0\x0cJXL \r\n\x87\n"
_LONGEST: Final = 10
_BITS: Final = (9, 13, 18, 30)
_RATIOS: Final = ((1, 1), (1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))


def walk(data: Data, anatomy: Anatomy) -> None:
    """Find the codestream, and read its first bits."""
    start = _codestream(data)
    if data[start : start + 2] != BARE:
        raise DamagedError("there are no pixels")
    head = data[start + 2 : start + 2 + _LONGEST]
    if len(head) < _LONGEST:
        raise DamagedError("it ends too early")
    anatomy.measure(*_size(int.from_bytes(head, "little")))
    anatomy.frames = 1


def _codestream(data: Data) -> int:
    if data[:2] == BARE:
        return 0
    for box in boxes(data, 0, len(data)):
        if box.type == b"jxlc":
            return box.start
        if box.type == b"jxlp":
            return box.start + 4
    raise DamagedError("there are no pixels")


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
