"""Text and profiles that PNG keeps compressed, unpacked within a bound, and profiles that stand there as digits."""

import re
import zlib
from binascii import unhexlify
from typing import Final

from sidecar.inspection.formats.anatomy import Data

MOST: Final = 8 * 1024 * 1024
"""Bytes unpacked of one file: libpng unpacks as many of one chunk."""
_RAW: Final = re.compile(rb"(?:\A|\0)\n?[\w ]{1,40}\n[\t ]{0,20}\d{1,10}\n")
_DIGITS: Final = re.compile(rb"[0-9a-fA-F\s]*+")
_RAW_WITHIN: Final = 256
_WHITE: Final = b" \t\r\n\f\v"


def unpacked(data: Data, start: int, end: int, most: int) -> tuple[bytes, bool]:
    """What a zlib stream holds, at most `most` bytes, and whether that is all of it.

    A stream that is damaged gives what came before the damage: decoders show no more either.
    """
    decoder = zlib.decompressobj()
    try:
        text = decoder.decompress(data[start:end], most)
    except zlib.error:
        return b"", True
    return text, not decoder.unconsumed_tail


def raw_profile(text: bytes) -> bytes:
    """A profile as ImageMagick and ExifTool write it: its name, its length, and its bytes in hexadecimal."""
    begun = _RAW.search(text, 0, _RAW_WITHIN)
    found = _DIGITS.match(text, begun.end()) if begun else None
    digits = found[0].translate(None, _WHITE) if found else b""
    return unhexlify(digits[: len(digits) // 2 * 2])
