"""Size of a Photoshop image."""

from struct import Struct
from typing import Final

from sidecar.inspection.formats.anatomy import Anatomy, Data, unpack

SIGNATURE: Final = b"8BPS"
_SIZE: Final = Struct(">II")


def walk(data: Data, anatomy: Anatomy) -> None:
    """Read the header."""
    height, width = unpack(_SIZE, data, 14)
    anatomy.measure(width, height)
    anatomy.frames = 1
