"""Structure of WebP (RFC 9649)."""

from collections.abc import Iterator
from struct import Struct
from typing import Final, NamedTuple

from sidecar.inspection.formats.anatomy import Anatomy, DamagedError, Data, unpack

_RIFF: Final = Struct("<4sI4s")
_HEAD: Final = Struct("<4sI")
_LOSSY: Final = Struct("<3s3sHH")
_LOSSLESS: Final = Struct("<BI")
_KINDS: Final = {b"EXIF": "EXIF", b"XMP ": "XMP", b"ICCP": "ICC profile"}
PIXELS: Final = frozenset({b"VP8 ", b"VP8L", b"ALPH", b"ANMF"})


class Chunk(NamedTuple):
    """One chunk; `start` and `end` are of its data."""

    type: bytes
    start: int
    end: int


def is_webp(data: Data) -> bool:
    """Whether it begins like one."""
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"


def chunks(data: Data, at: int, end: int, anatomy: Anatomy) -> Iterator[Chunk]:
    """Chunks one after the other (section 2.3): of an odd length with one byte behind, which some encoders forget.

    Raises:
        DamagedError: one does not fit.
    """
    while at < end:
        anatomy.step()
        kind, length = unpack(_HEAD, data, at)
        if at + 8 + length > end:
            raise DamagedError("it ends too early")
        yield Chunk(kind, at + 8, at + 8 + length)
        at += 8 + length + length % 2


def walk(data: Data, anatomy: Anatomy) -> None:
    """Follow the chunks."""
    _riff, size, _form = unpack(_RIFF, data, 0)
    end = 8 + size
    whole = end <= len(data)
    pixels = False
    for chunk in chunks(data, 12, end if whole else len(data), anatomy):
        _measure(data, chunk, anatomy)
        pixels = pixels or chunk.type in PIXELS
        if chunk.type not in PIXELS:
            anatomy.note(_KINDS.get(chunk.type, "chunk"), chunk.start, chunk.end)
    if not pixels:
        raise DamagedError("there are no pixels")
    if end > len(data) + 1:
        raise DamagedError("it ends too early")
    anatomy.frames = max(anatomy.frames, 1)
    anatomy.image_end = anatomy.end = min(end + size % 2, len(data))


def _measure(data: Data, chunk: Chunk, anatomy: Anatomy) -> None:
    if chunk.type == b"VP8X":
        anatomy.measure(_number24(data, chunk.start + 4) + 1, _number24(data, chunk.start + 7) + 1)
    elif chunk.type == b"VP8 ":
        _tag, _start, width, height = unpack(_LOSSY, data, chunk.start)
        anatomy.measure(width & 0x3FFF, height & 0x3FFF)
    elif chunk.type == b"VP8L":
        _signature, bits = unpack(_LOSSLESS, data, chunk.start)
        anatomy.measure((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    elif chunk.type == b"ANMF":
        anatomy.frames += 1
        anatomy.measure(_number24(data, chunk.start + 6) + 1, _number24(data, chunk.start + 9) + 1)


def _number24(data: Data, at: int) -> int:
    return int.from_bytes(data[at : at + 3], "little")
