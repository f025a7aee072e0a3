"""The cells of a table in text (RFC 4180 and its kin), found where they stand, in any encoding with ASCII in it."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from sidecar.inspection.formats.anatomy import Data
from sidecar.inspection.formats.bounds import Budget
from sidecar.inspection.formats.windows import find, windows

_BLANKS: Final = [*filter(str.isspace, map(chr, range(0x3001))), "\ufeff"]
_BLANK: Final = b"|".join(re.escape(blank.encode()) for blank in _BLANKS) + rb"|\xa0"
"""In UTF-8, and the one of the code pages."""
_MARK: Final = rb"[=+\-@]|\xef\xbc[\x9d\x8b\x8d\xa0]"
"""Those of full width (U+FF1D, U+FF0B, U+FF0D, U+FF20) among them."""
_FORMULA: Final = re.compile(rb"(?:%b)*+(?:%b)" % (_BLANK, _MARK))
_LINE: Final = re.compile(rb"\n((?:(?!\n)(?:%b))*+(?:%b)[^\n(|']*+[(|'][^\n]*+)" % (_BLANK, _MARK))
"""A formula with a bracket, a bar or a quoted name."""
_DELIMITERS: Final = (b",", b";", b"\t", b"|")
_OWN_DELIMITER: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?\"?sep=([\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}|[^\"\r\n])",
    re.IGNORECASE,
)
"""The first line by which Excel and LibreOffice let a table name any other: one character, or one byte."""
_SEARCHED: Final = 64
"""Bytes of a cell that take as long as one more."""
_SYLK: Final = b"ID;"


def is_sylk(data: Data) -> bool:
    """Whether a spreadsheet reads it as SYLK, whatever it is called."""
    return data[: len(_SYLK)] == _SYLK


def formulas_of_lines(lines: bytes, budget: Budget) -> Iterator[bytes]:
    """Those that are formulas with a bracket, a bar or a quoted name."""
    for found in _LINE.finditer(b"\n" + lines):
        budget.spend(1 + len(found[1]) // _SEARCHED)
        yield found[1]


def delimiters(data: Data) -> Iterable[bytes]:
    """Those that it could have."""
    named = _OWN_DELIMITER.match(data)
    those = dict.fromkeys((*_DELIMITERS, *named.groups()) if named else _DELIMITERS)
    return [delimiter for delimiter in those if delimiter == b"," or find(data, delimiter) >= 0]


def cells(data: Data, delimiter: bytes, tells: bytes, budget: Budget) -> Iterator[bytes]:
    """The cells that hold formulas with a character that tells, without the quotes around them.

    A quote that is never closed hides the rest of a file from some readers only: then every line counts for itself.
    """
    inside = b'"' if _quotes(data) % 2 == 0 else b'"\r\n'
    begin = b"E" if is_sylk(data) else b""
    cell_at, passed, at = _cell(delimiter, inside), _passed(delimiter, inside, tells, begin), 0
    while cell := cell_at.search(data, passed.match(data, at).end()):  # type: ignore[union-attr]  # matches nothing, too
        plain, at = cell[0], cell.end()
        budget.spend(1 + len(plain) // _SEARCHED)
        if plain[:1] == b'"':
            plain = plain[1:].rstrip(b'"').replace(b'""', b'"')
        if begin and plain[:1] == begin:
            plain = b"=" + plain[1:]
        if _FORMULA.match(plain):
            yield plain


def _quotes(data: Data) -> int:
    return sum(data[at:end].count(b'"') for at, end in windows(data, 0, len(data)))


def _but(delimiter: bytes, others: bytes) -> bytes:
    """Any byte but some, and but the first of a delimiter."""
    one = re.escape(delimiter)
    return rb"[^%b%b]" % (one, others) if len(delimiter) == 1 else rb"(?:(?!%b)[^%b])" % (one, others)


def _cell(delimiter: bytes, inside: bytes) -> re.Pattern[bytes]:
    quoted = rb'"(?:[^%b]++|"")*+"' % inside + (b"" if inside == b'"' else b"?")
    rest = _but(delimiter, rb"\r\n") + b"*+"
    return re.compile(rb"%b%b|%b%b" % (quoted, rest, _but(delimiter, rb'"\r\n'), rest))


def _passed(delimiter: bytes, inside: bytes, tells: bytes, begin: bytes) -> re.Pattern[bytes]:
    """Cells that do nothing, because they hold no character that tells or begin like no formula."""
    ends = rb"(?:%b|[\r\n])" % re.escape(delimiter) if len(delimiter) > 1 else rb"[%b\r\n]" % re.escape(delimiter)
    other = rb"(?!%b)%b" % (_FORMULA.pattern, _but(delimiter, rb'"\r\n' + begin))
    told, rest = re.escape(tells), _but(delimiter, rb"\r\n")
    return re.compile(
        rb'(?:[^"%b]*%b|%b%b*+%b' % (re.escape(tells.replace(delimiter, b"")), ends, other, rest, ends)
        + rb'|"(?:[^%b%b]++|"")*+"%b|"%b(?:[^%b]++|"")*+"%b)*+' % (inside, told, ends, other, inside, ends)
    )
