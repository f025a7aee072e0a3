"""The parts of a mail, or of all mails in a mailbox, found by their delimiters in one pass."""

import binascii
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from sidecar.inspection.formats.anatomy import DamagedError, Data
from sidecar.inspection.formats.bounds import Budget
from sidecar.inspection.formats.containers.mail_header import MOST, Header, header_at
from sidecar.inspection.formats.containers.unpacking import STEP, stored

_DELIMITER: Final = rb"(?:\A|(?<=[\r\n]))--([^\r\n]{1,500})"
_MAIL: Final = rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From [^\r\n]{1,200}[0-9]{4}(?=[\r\n])"
"""What begins a mail in a mailbox: behind an empty line, with a year at its end (RFC 4155, appendix A)."""
_IN_MAIL: Final = re.compile(_DELIMITER)
_IN_MAILBOX: Final = re.compile(_DELIMITER + b"|" + _MAIL)
_MARKS_MOST: Final = 500_000
_LINES_MOST: Final = 300_000
"""Lines in all headers, beside one for so many bytes: those of honest mails are longer."""
_LINE_LEAST: Final = 64
_PART_COSTS: Final = 3
_PART: Final = re.compile(_DELIMITER + rb"(?:\r\n?|\n)[!-9;-~]{1,76}[ \t]{0,9}:")
_BREAK: Final = re.compile(rb"\r\n?|\n|")
_BLANK: Final = re.compile(rb"(?:\xef\xbb\xbf)?[\r\n]*+")
_HEADER_ENDS: Final = re.compile(rb"(?:\A|\r\n|\n|\r(?!\n))(?=[\r\n]|--)")
_TAIL: Final = 2
"""Bytes that an empty line has, and with which a delimiter begins."""
_NOT_BASE64: Final = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="))
_PADDED_MOST: Final = 10_000


class Leaf(NamedTuple):
    """One part, and where its body ends."""

    header: Header
    end: int


class _Mark(NamedTuple):
    """A line that is a delimiter, perhaps, or where a mail begins."""

    at: int
    behind: int
    boundary: bytes | None
    """None where a mail begins."""


def leaves(data: Data, *, mailbox: bool) -> Iterator[Leaf]:
    """Every part in order, and the mails within, which hold others; delimiters count wherever they stand.

    Raises:
        DamagedError: readers disagree on a header, or there are too many lines that could be delimiters.
        TooMuchError: there are too many parts.
    """
    boundaries: set[bytes] = set()
    current: Header | None = None
    budget = Budget(_LINES_MOST + len(data) // _LINE_LEAST, "parts or lines in headers")
    for mark in _marks(data, mailbox=mailbox):
        if mark.boundary is not None and not _is_known(mark.boundary, boundaries):
            if current is not None and current.cut and current.starts[-1] == mark.at:
                raise DamagedError("a line in a header that is no field")
            continue
        if current is not None:
            yield Leaf(current, mark.at)
            current = None
        if mark.boundary is None or mark.boundary in boundaries:
            for current in _headers(data, mark.behind, is_part=mark.boundary is not None):
                budget.spend(_PART_COSTS + current.lines)
                boundaries.update(current.boundaries)
                if current.is_of(b"message/") and not current.is_packed:
                    yield Leaf(current, current.starts[-1])
    if current is not None:
        yield Leaf(current, len(data))


def _is_known(boundary: bytes, boundaries: set[bytes]) -> bool:
    return boundary in boundaries or boundary.removesuffix(b"--") in boundaries


def _marks(data: Data, *, mailbox: bool) -> Iterator[_Mark]:
    pattern = _IN_MAILBOX if mailbox else _IN_MAIL
    if not (mailbox and data[:5] == b"From "):
        yield _Mark(0, 0, None)
    for count, found in enumerate(pattern.finditer(data)):
        if count > _MARKS_MOST:
            raise DamagedError("too many lines that could be delimiters")
        behind = _BREAK.match(data, found.end())
        boundary = None if found[1] is None else found[1].rstrip()
        yield _Mark(found.start(), behind.end() if behind else found.end(), boundary)


def _headers(data: Data, at: int, *, is_part: bool) -> Iterator[Header]:
    """The header there, and where it is that of a mail within, the header of that, and so on."""
    while True:
        blank = None if is_part else _BLANK.match(data, at)
        header = _header(data, blank.end() if blank else at)
        yield header
        if not header.is_of(b"message/") or header.is_packed or header.cut or header.starts[-1] <= at:
            return
        at, is_part = header.starts[-1], False


def _header(data: Data, at: int) -> Header:
    """The one there, up to an empty line or a delimiter."""
    end = _HEADER_ENDS.search(data, max(0, at - 1), at + MOST)
    if end is None and at + MOST < len(data):
        raise DamagedError("a header of excessive size")
    return header_at(data[at : end.end() + _TAIL if end else at + MOST], at)


def hides_parts(data: Data, leaf: Leaf) -> bool:
    """Whether what stands before the first part looks like parts itself: under a boundary that only others find."""
    return _PART.search(data, max(0, leaf.header.starts[-1] - 1), leaf.end) is not None


def pieces(data: Data, start: int, end: int, encoding: bytes) -> Iterator[bytes]:
    """The bytes of a part without its encoding (RFC 2045, section 6), and without the line break before a delimiter.

    Raises:
        DamagedError: it is made to be dear.
    """
    last = data[max(start, end - 2) : end]
    end -= 2 if last == b"\r\n" else last.endswith((b"\r", b"\n"))
    if b"base64" in encoding:
        yield from from_base64(data, start, end)
    elif b"quoted" in encoding:
        plain = binascii.a2b_qp(data[start:end])
        yield from stored(plain, 0, len(plain))
    else:
        yield from stored(data, start, end)


def from_base64(data: Data, start: int, end: int) -> Iterator[bytes]:
    """What stands behind padding is taken for more: some readers stop there, others go on."""
    left, padded = b"", 0
    for at in range(start, end, STEP):
        text = left + data[at : min(end, at + STEP)].translate(None, _NOT_BASE64)
        *ended, text = re.split(b"=+", text)
        if (padded := padded + len(ended)) > _PADDED_MOST:
            raise DamagedError("padding everywhere")
        whole = len(text) - len(text) % 4
        yield b"".join(map(_plain, (*ended, text[:whole])))
        left = text[whole:]
    yield _plain(left)


def _plain(text: bytes) -> bytes:
    return binascii.a2b_base64(text[: len(text) - (len(text) % 4 == 1)] + b"==")
