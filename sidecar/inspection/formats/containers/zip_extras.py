"""Extra fields of a ZIP's headers (APPNOTE 6.3.10, section 4.5): what they say otherwise than the header itself."""

import re
import struct
import zlib
from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple

_MOST: Final = 100
"""Fields of one header that are read: five times what the most talkative packers write."""
_EMPTY: Final = re.compile(rb"(?:..\0\0)+", re.DOTALL)
"""Fields that tell nothing, and the zeros by which zipalign moves libraries to the start of a page."""
_MAX32: Final = 0xFFFFFFFF
_ZIP64: Final = 1
_UNICODE_PATH: Final = 0x7075
_ASI_UNIX: Final = 0x756E
_LIBARCHIVE: Final = 0x6C78
_MODE: Final = struct.Struct("<4xH")
_ATTRIBUTES: Final = struct.Struct("<L")
_CONTINUED: Final = 0x80


class Extras(NamedTuple):
    """What the extra fields of one header tell."""

    values: tuple[int, ...]
    """The numbers of the header, those of ZIP64 where they do not fit into it (4.5.3)."""
    unicode_paths: tuple[bytes, ...]
    """Other names, which many readers prefer (4.6.9)."""
    modes: tuple[int, ...]
    """Each st_mode of Unix; libarchive takes it from the header before the bytes, whatever the directory says."""
    countless: bool
    """There are more fields than were read."""


def read_extras(extra: bytes, name: bytes, *narrow: int) -> Extras:
    """What the fields tell.

    Args:
        extra: all of them.
        name: that of the header, for whose checksum a Unicode path counts.
        narrow: size, packed size and offset as the header has them.
    """
    fields = list(islice(_fields(extra), _MOST + 1))
    return Extras(_wide(fields, narrow), _unicode_paths(fields, name), tuple(_modes(fields)), len(fields) > _MOST)


def _fields(extra: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and content of each field that has any (4.5.1)."""
    at = 0
    while at + 4 <= len(extra):
        if empty := _EMPTY.match(extra, at):
            at = empty.end()
            continue
        kind, length = struct.unpack_from("<2H", extra, at)
        yield kind, extra[at + 4 : at + 4 + length]
        at += 4 + length


def _wide(fields: list[tuple[int, bytes]], narrow: tuple[int, ...]) -> tuple[int, ...]:
    for kind, body in fields:
        if kind == _ZIP64:
            numbers = iter(struct.unpack(f"<{len(body) // 8}Q", body[: len(body) // 8 * 8]))
            narrow = tuple(next(numbers, value) if value == _MAX32 else value for value in narrow)
    return narrow


def _unicode_paths(fields: list[tuple[int, bytes]], name: bytes) -> tuple[bytes, ...]:
    """What has the checksum of another name counts for no reader."""
    checksum = struct.pack("<L", zlib.crc32(name))
    return tuple(body[5:] for kind, body in fields if kind == _UNICODE_PATH and body[1:5] == checksum)


def _modes(fields: list[tuple[int, bytes]]) -> Iterator[int]:
    for kind, body in fields:
        if kind == _ASI_UNIX and len(body) >= _MODE.size:
            yield _MODE.unpack_from(body)[0]
        elif kind == _LIBARCHIVE and (attributes := _attributes(body)) is not None:
            yield attributes >> 16


def _attributes(body: bytes) -> int | None:
    """The external attributes in libarchive's field, which its first bits announce behind two numbers of two bytes."""
    bits = body[:1] or b"\0"
    at = next((at for at, each in enumerate(body, 1) if not each & _CONTINUED), len(body))
    at += 2 * (bits[0] & 1) + (bits[0] & 2)
    present = bits[0] & 4 and at + _ATTRIBUTES.size <= len(body)
    return _ATTRIBUTES.unpack_from(body, at)[0] if present else None
