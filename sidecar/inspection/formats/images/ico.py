"""Structure of Windows icons and cursors."""

from contextlib import suppress
from struct import Struct
from typing import Final

from sidecar.inspection.formats.anatomy import Anatomy, DamagedError, Data, require, unpack
from sidecar.inspection.formats.images import bmp, png

SIGNATURES: Final = (b"\0\0\1\0", b"\0\0\2\0")
_HEAD: Final = Struct("<HHH")
_ENTRY: Final = Struct("<BBBBHHII")
_PNG_SIZE: Final = Struct(">II")


def walk(data: Data, anatomy: Anatomy) -> None:
    """Measure each picture by its own header: that of the icon has room for 256 pixels only."""
    count = unpack(_HEAD, data, 0)[2]
    if not count:
        raise DamagedError("there are no pixels")
    for number in range(count):
        anatomy.step()
        size, offset = unpack(_ENTRY, data, 6 + _ENTRY.size * number)[6:]
        require(data, offset + size)
        _measure(data, offset, anatomy)
        anatomy.frames += 1


def _measure(data: Data, at: int, anatomy: Anatomy) -> None:
    if data[at : at + 8] == png.SIGNATURE:
        anatomy.measure(*unpack(_PNG_SIZE, data, at + 16))
        with suppress(DamagedError):  # what stands before the damage is noted, and the next picture is another
            for chunk in png.chunks(data, anatomy, at):
                png.note(chunk, data, anatomy)
    else:
        bmp.dib(data, at, anatomy)
