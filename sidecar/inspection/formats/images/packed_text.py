"""Text and profiles that PNG keeps compressed, unpacked within a bound."""

import zlib
from typing import Final

from sidecar.inspection.formats.anatomy import Data

MOST: Final = 8 * 1024 * 1024
"""Bytes unpacked of one file: libpng unpacks as many of one chunk."""


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
