"""Structure of BMP (Windows and OS/2 bitmaps)."""

from struct import Struct
from typing import Final

from sidecar.inspection.formats.anatomy import Anatomy, DamagedError, Data, unpack

_FILE: Final = Struct("<2sIHHI")
_CORE: Final = Struct("<IHHHH")
_INFO: Final = Struct("<IiiHHII")
_PROFILE: Final = Struct("<II")
_UNCOMPRESSED: Final = frozenset({0, 3, 6, 11})
_PROFILE_FROM: Final = 124
"""Bytes of the header from which on a profile can follow the pixels (BITMAPV5HEADER)."""


def walk(data: Data, anatomy: Anatomy) -> None:
    """Read the header; the length of the pixels follows from it."""
    offset = unpack(_FILE, data, 0)[4]
    (header,) = unpack(Struct("<I"), data, 14)
    length = _core(data, 14, anatomy) if header == _CORE.size else _info(data, 14, anatomy)
    anatomy.frames = 1
    anatomy.note("palette", 14 + header, min(offset, len(data)))
    if length is None:
        return
    end = offset + length
    if end > len(data):
        raise DamagedError("it ends too early")
    anatomy.image_end = anatomy.end = max(end, _profile_end(data, header, anatomy))


def dib(data: Data, at: int, anatomy: Anatomy) -> None:
    """Measure a bitmap within an icon: it holds two pictures, one above the other."""
    _, width, height = unpack(_INFO, data, at)[:3]
    anatomy.measure(abs(width), abs(height) // 2)


def _core(data: Data, at: int, anatomy: Anatomy) -> int:
    _, width, height, _, bits = unpack(_CORE, data, at)
    return _pixels(width, height, bits, anatomy)


def _info(data: Data, at: int, anatomy: Anatomy) -> int | None:
    """Bytes of pixels; None where nothing tells it."""
    header, width, height, _, bits, compression, size = unpack(_INFO, data, at)
    if header < _INFO.size - 4:
        raise DamagedError("a header of no known kind")
    length = _pixels(abs(width), abs(height), bits, anatomy)
    return length if compression in _UNCOMPRESSED else size or None


def _pixels(width: int, height: int, bits: int, anatomy: Anatomy) -> int:
    if not width or not height:
        raise DamagedError("it has no size")
    anatomy.measure(width, height)
    return (width * bits + 31) // 32 * 4 * height


def _profile_end(data: Data, header: int, anatomy: Anatomy) -> int:
    if header < _PROFILE_FROM:
        return 0
    start, size = unpack(_PROFILE, data, 14 + 112)
    end = 14 + int(start) + int(size)
    if not start or end > len(data):
        return 0
    anatomy.note("ICC profile", 14 + start, end)
    return end
