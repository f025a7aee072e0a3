"""The fields of a tar header (POSIX.1-1988, 10.1.1), and whether all readers read them alike."""

import re
from typing import Final

from sidecar.inspection.formats.anatomy import Data

BLOCK: Final = 512
NAME: Final = slice(0, 100)
LINK: Final = slice(157, 257)
PREFIX: Final = slice(345, 500)
FIELD_MOST: Final = 8**11
"""From here on (8 GiB) a size has no room in its field as text."""
_SIZE: Final = slice(124, 136)
_CHECKSUM: Final = slice(148, 156)
_BINARY: Final = (b"\x80", b"\xff")
"""GNU: what a number begins with that is no text, from 8 GiB on."""
_OCTAL: Final = re.compile(rb"[\s\0]*+([0-7]*+)(?![^\s\0])")
"""Lenient readers stop at the first blank or NUL behind the digits, whatever follows."""
_ALIKE: Final = re.compile(rb" *+[0-7]++[ \0]*+|\0++")
"""A NUL before the digits is no number for bsdtar, Perl and node-tar, a tab none for 7-Zip."""
_ASCII: Final = bytes(range(128))
_ENDS_LINE: Final = re.compile(rb"[\n\r]|\xe2\x80[\xa8\xa9]")


class TarError(Exception):
    """It cannot be read further; the message says why."""


class TwofoldError(TarError):
    """From here on one reader sees other entries than another (CWE-436)."""


def looks_like_tar(data: Data) -> bool:
    """Whether the first header is one."""
    header = data[:BLOCK]
    return len(header) == BLOCK and bool(header.strip(b"\0")) and sum_is_right(header)


def sum_is_right(header: bytes) -> bool:
    """Whether some reader takes it for a header: also with the signed sum that old systems wrote."""
    if not (stated := _stated(header)):
        return False
    plain = _sum(header)
    return stated in {plain, plain - 256 * len(header.translate(None, _ASCII))}


def could_be_header(block: bytes) -> bool:
    """Whether even Perl could take it for one, which reads octal and hexadecimal digits with anything behind them."""
    field, stated = block[_CHECKSUM].replace(b"_", b"").lower(), _sum(block)
    return b"%o" % stated in field or b"%x" % stated in field


def is_read_alike(header: bytes) -> bool:
    """Whether all readers take it for a header, and its size for the same: node-tar reads on behind a full checksum."""
    size, checksum = header[_SIZE], header[_CHECKSUM]
    plain = bool(_ALIKE.fullmatch(size)) or (size[:1] == b"\x80" and size_of(header) >= FIELD_MOST)
    return plain and bool(_ALIKE.fullmatch(checksum)) and checksum[-1:] in b" \0" and _stated(header) == _sum(header)


def size_of(header: bytes) -> int:
    """Bytes behind a header, as its field says.

    Raises:
        TarError: it is no number.
    """
    if (number := _number(header[_SIZE])) is None:
        raise TarError("a number that is none")
    return number


def text_of(field: bytes) -> bytes:
    """What stands before the first NUL.

    Raises:
        TwofoldError: lines stand behind it, which node-tar adds.
    """
    text, _, behind = field.partition(b"\0")
    if _ENDS_LINE.search(behind):
        raise TwofoldError("a name that goes on behind its end")
    return text


def _stated(header: bytes) -> int | None:
    return _number(header[_CHECKSUM])


def _sum(header: bytes) -> int:
    """Of all bytes, with blanks in place of itself."""
    return sum(header) - sum(header[_CHECKSUM]) + 8 * 32


def _number(field: bytes) -> int | None:
    if field.startswith(_BINARY):
        return int.from_bytes(field[1:], "big", signed=False)
    octal = _OCTAL.match(field)
    return None if octal is None else int(octal[1] or b"0", 8)
