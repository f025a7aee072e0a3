"""Size of a Photoshop image, and what its resources tell (Adobe Photoshop File Formats Specification)."""

from struct import Struct
from typing import Final

from sidecar.inspection.formats.anatomy import Anatomy, Data, unpack

SIGNATURE: Final = b"8BPS"
_SIZE: Final = Struct(">II")
_LENGTH: Final = Struct(">I")
_HEADER_BYTES: Final = 26
_RESOURCE: Final = Struct(">4sHB")
_KINDS: Final = {0x0404: "IPTC", 0x040F: "ICC profile", 0x0422: "EXIF", 0x0423: "EXIF", 0x0424: "XMP"}


def walk(data: Data, anatomy: Anatomy) -> None:
    """Read the header, and follow the resources behind the palette as far as they go."""
    height, width = unpack(_SIZE, data, 14)
    anatomy.measure(width, height)
    anatomy.frames = 1
    at = _behind(data, _HEADER_BYTES)
    end = min(_behind(data, at), len(data))
    at += _LENGTH.size
    while at + _RESOURCE.size <= end:
        anatomy.step()
        at = _note(data, at, anatomy)


def _behind(data: Data, at: int) -> int:
    """Where a section ends that tells its length first; the end of the file where it is not there."""
    if at + _LENGTH.size > len(data):
        return len(data)
    return at + _LENGTH.size + int(_LENGTH.unpack_from(data, at)[0])


def _note(data: Data, at: int, anatomy: Anatomy) -> int:
    """One resource: a number, a name and its data, both filled up to an even length; tells where it ends."""
    _sign, number, name = _RESOURCE.unpack_from(data, at)
    length = at + _RESOURCE.size + int(name) + (int(name) + 1) % 2
    start, end = length + _LENGTH.size, min(_behind(data, length), len(data))
    if number in _KINDS:
        anatomy.note(_KINDS[number], start, end)
    return end + (end - start) % 2
