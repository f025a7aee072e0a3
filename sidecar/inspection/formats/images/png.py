"""Structure of PNG and APNG (W3C PNG, third edition)."""

from collections.abc import Iterator
from struct import Struct
from typing import Final, NamedTuple

from sidecar.inspection.formats.anatomy import Anatomy, DamagedError, Data, require, unpack

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
PIXELS: Final = frozenset({b"IDAT", b"fdAT"})
_HEAD: Final = Struct(">I4s")
_SIZE: Final = Struct(">II")
_NUMBER: Final = Struct(">I")
_HEADER_SIZE: Final = 13
_KEYWORD_MOST: Final = 80
_KINDS: Final = {
    b"tEXt": "text", b"zTXt": "text", b"iTXt": "text", b"eXIf": "EXIF", b"iCCP": "ICC profile", b"PLTE": "palette",
}  # fmt: skip


class Chunk(NamedTuple):
    """One chunk; `start` and `end` are of its data, which a length and a type precede and a CRC follows."""

    type: bytes
    start: int
    end: int


def chunks(data: Data, anatomy: Anatomy, start: int = 0) -> Iterator[Chunk]:
    """All chunks to the IEND of an image that begins at `start`.

    Raises:
        DamagedError: a chunk is none, or the file ends first.
    """
    at = start + len(SIGNATURE)
    while True:
        anatomy.step()
        length, kind = unpack(_HEAD, data, at)
        if not kind.isalpha():
            raise DamagedError("a chunk has no valid type")
        yield Chunk(kind, at + 8, at + 8 + length)
        at = require(data, at + 12 + length)
        if kind == b"IEND":
            return


def walk(data: Data, anatomy: Anatomy) -> None:
    """Follow the chunks."""
    kinds: set[bytes] = set()
    animated = controls = 0
    for chunk in chunks(data, anatomy):
        if not kinds:
            _header(chunk, data, anatomy)
        kinds.add(chunk.type)
        if chunk.type == b"acTL":
            (animated,) = unpack(_NUMBER, data, chunk.start)
        controls += chunk.type == b"fcTL"
        anatomy.frames = max(animated, controls, 1)
        note(chunk, data, anatomy)
    if b"IDAT" not in kinds:
        raise DamagedError("there are no pixels")
    anatomy.image_end = anatomy.end = chunk.end + 4


def _header(chunk: Chunk, data: Data, anatomy: Anatomy) -> None:
    if chunk.type != b"IHDR" or chunk.end - chunk.start != _HEADER_SIZE:
        raise DamagedError("the first chunk is no IHDR")
    width, height = unpack(_SIZE, data, chunk.start)
    if not width or not height:
        raise DamagedError("it has no size")
    anatomy.measure(width, height)


def note(chunk: Chunk, data: Data, anatomy: Anatomy) -> None:
    """Take in a chunk that holds no pixels."""
    if chunk.type in PIXELS:
        return
    end = min(chunk.end, len(data))
    kind = _KINDS.get(chunk.type, "chunk")
    packed = _packed_from(chunk, data)
    anatomy.note(kind, chunk.start, end if packed is None else min(packed, end))
    if packed is not None:
        anatomy.note(f"compressed {kind}", packed, end)
        anatomy.note(kind, packed, end, packed=True)


def _packed_from(chunk: Chunk, data: Data) -> int | None:
    """Where compressed text or a profile begins."""
    if chunk.type not in {b"zTXt", b"iTXt", b"iCCP"}:
        return None
    zero = data.find(b"\0", chunk.start, min(chunk.start + _KEYWORD_MOST, chunk.end))
    if zero < 0:
        return None
    if chunk.type != b"iTXt":
        return zero + 2
    if data[zero + 1 : zero + 2] != b"\1":
        return None
    language = data.find(b"\0", zero + 3, chunk.end)
    translated = data.find(b"\0", language + 1, chunk.end)
    return translated + 1 if min(language, translated) >= 0 else None
