"""Deflated bytes, inflated up to a limit."""

import zlib
from dataclasses import dataclass
from typing import Final

_STEP: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class Inflated:
    """What came out."""

    data: bytes
    whole: bool
    """The stream came to its end within the limit; otherwise it is damaged, cut short or too long."""
    used: int
    """Bytes of the input that belong to the stream."""


def inflate(data: bytes | memoryview, limit: int, *, raw: bool = False) -> Inflated:
    """Inflate a zlib stream (RFC 1950), or a bare one (RFC 1951); what a damaged one gives before it breaks counts.

    Args:
        data: begins with the stream.
        limit: bytes that may come out.
        raw: there is no zlib header.
    """
    inflater = zlib.decompressobj(-zlib.MAX_WBITS if raw else zlib.MAX_WBITS)
    pieces: list[bytes] = []
    size = at = 0
    try:
        while not inflater.eof and size < limit and (inflater.unconsumed_tail or at < len(data)):
            waiting = inflater.unconsumed_tail or bytes(data[at : at + _STEP])
            at += 0 if inflater.unconsumed_tail else len(waiting)
            pieces.append(inflater.decompress(waiting, limit - size))
            size += len(pieces[-1])
    except zlib.error:
        return Inflated(b"".join(pieces), whole=False, used=at)
    left = len(inflater.unconsumed_tail) + len(inflater.unused_data)
    return Inflated(b"".join(pieces), whole=inflater.eof, used=at - left)
