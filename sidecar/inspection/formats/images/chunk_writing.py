"""Chunks and segments of images as they are written."""

import zlib
from struct import Struct
from typing import Final

_PNG_LENGTH: Final = Struct(">I")
_RIFF_HEAD: Final = Struct("<4sI")


def png_chunk(kind: bytes, data: bytes) -> bytes:
    """A chunk of PNG with its CRC."""
    return _PNG_LENGTH.pack(len(data)) + kind + data + _PNG_LENGTH.pack(zlib.crc32(kind + data))


def riff_chunk(kind: bytes, data: bytes) -> bytes:
    """A chunk of WebP, with the byte that makes its length even."""
    return _RIFF_HEAD.pack(kind, len(data)) + data + b"\0" * (len(data) % 2)


def riff_chunk_head(kind: bytes, size: int) -> bytes:
    """The start of a chunk of WebP whose data take so many bytes."""
    return _RIFF_HEAD.pack(kind, size)


def riff_head(size: int) -> bytes:
    """The start of a WebP whose chunks take so many bytes."""
    return _RIFF_HEAD.pack(b"RIFF", size + 4) + b"WEBP"


def jpeg_segment(marker: int, data: bytes) -> bytes:
    """A segment of JPEG."""
    return _JPEG_HEAD.pack(0xFF, marker, len(data) + 2) + data


_JPEG_HEAD: Final = Struct(">BBH")
