"""Size of a JPEG 2000 image (ISO/IEC 15444-1), bare or in boxes."""

import re
from struct import Struct
from typing import Final

from sidecar.inspection.formats.anatomy import Anatomy, DamagedError, Data, unpack
from sidecar.inspection.formats.images import isobmff_image

BARE: Final = b"\xff\x4f\xff\x51"
"""The start of a code stream, and the segment of its size that must follow (A.4.1, A.5.1)."""
BOXED: Final = b"\0\0\0\x0cjP  \r\n\x87\n"
_STREAM: Final = re.compile(rb"jp2c(?:.{8})?" + re.escape(BARE), re.DOTALL)
"""Found wherever it stands: decoders also read a box that is longer than the file."""
_SIZE: Final = Struct(">4xIIII")


def walk(data: Data, anatomy: Anatomy) -> None:
    """Measure every code stream, which decoders go by, and what the boxes around it tell."""
    if data[: len(BARE)] == BARE:
        _measure(data, len(BARE), anatomy)
        anatomy.frames = 1
        return
    for found in _STREAM.finditer(data):
        anatomy.step()
        _measure(data, found.end(), anatomy)
    isobmff_image.walk(data, anatomy)


def _measure(data: Data, at: int, anatomy: Anatomy) -> None:
    right, bottom, left, top = unpack(_SIZE, data, at)
    if right <= left or bottom <= top:
        raise DamagedError("it has no size")
    anatomy.measure(right - left, bottom - top)
