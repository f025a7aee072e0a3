"""Structure of GIF (CompuServe, version 89a)."""

from struct import Struct
from typing import Final

from sidecar.inspection.formats.anatomy import Anatomy, DamagedError, Data, require, unpack

SIGNATURES: Final = (b"GIF87a", b"GIF89a")
_SCREEN: Final = Struct("<HHB")
_IMAGE: Final = Struct("<HHHHB")
_IMAGE_BLOCK, _EXTENSION, _TRAILER = 0x2C, 0x21, 0x3B
_MOST: Final = 1_000_000
"""Sub-blocks of one file: 255 MB of pixels as encoders write them, half a second as attackers could."""
_KINDS: Final = {0xFE: "comment", 0x01: "text", 0xFF: "application"}


def walk(data: Data, anatomy: Anatomy) -> None:
    """Follow the blocks."""
    width, height, flags = unpack(_SCREEN, data, 6)
    anatomy.measure(width, height)
    at = _behind_palette(data, anatomy, 13, flags)
    budget = _MOST
    while at < len(data):
        anatomy.step()
        mark = data[at]
        if mark == _TRAILER:
            anatomy.image_end = anatomy.end = at + 1
            break
        if mark == 0:
            at += 1  # decoders skip a block of no bytes
            continue
        at, budget = _behind_block(data, anatomy, at, budget)
    else:
        anatomy.image_end = anatomy.end = len(data)  # without a trailer, as some encoders leave it
    if not anatomy.frames:
        raise DamagedError("there are no pixels")


def _behind_block(data: Data, anatomy: Anatomy, at: int, budget: int) -> tuple[int, int]:
    mark = data[at]
    if mark == _EXTENSION:
        (label,) = data[at + 1 : at + 2] or (0,)
        end, budget = _behind_sub_blocks(data, at + 2, budget)
        anatomy.note(_KINDS.get(label, "extension"), at + 2, end)
        return end, budget
    if mark != _IMAGE_BLOCK:
        raise DamagedError("a block of no known kind")
    left, top, width, height, flags = unpack(_IMAGE, data, at + 1)
    anatomy.measure(max(left + width, anatomy.width), max(top + height, anatomy.height))
    anatomy.frames += 1
    return _behind_sub_blocks(data, _behind_palette(data, anatomy, at + 10, flags) + 1, budget)


def _behind_palette(data: Data, anatomy: Anatomy, at: int, flags: int) -> int:
    if not flags & 0x80:
        return at
    end = require(data, at + (6 << (flags & 7)))
    anatomy.note("palette", at, end)
    return end


def _behind_sub_blocks(data: Data, at: int, budget: int) -> tuple[int, int]:
    size = len(data)
    while at < size:
        length = data[at]
        at += length + 1
        budget -= 1
        if not length:
            return at, budget
        if not budget:
            raise DamagedError(f"more than {_MOST} blocks")
    raise DamagedError("it ends too early")
