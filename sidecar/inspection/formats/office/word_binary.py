"""Documents of Word before 2007 (MS-DOC): the codes of their fields, and the names of their templates."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from sidecar.inspection.formats.bounds import Budget
from sidecar.inspection.formats.office.word_codes import Codes

_RAW: Final = re.compile(
    rb"\x13([ \"]{0,20}[A-Za-z][^\x13-\x15]{2,1024})"
    rb"|\x13\0((?:[ \"]\0){0,20}[A-Za-z]\0(?:[^\x13-\x15]\0){2,1024})"
)
"""A code wherever it stands, as Word 95 has no table that tells where its text is."""
_STRINGS, _PIECES = 0x19A, 0x1A2
"""Where a document says which bytes of its table are the strings that belong to it, and which tell where its text is
(FibRgFcLcb97, section 2.5.6)."""
_EXTENDED: Final = b"\xff\xff"
_PROPERTIES, _PLACES = b"\1", b"\2"
_MOST_PROPERTIES: Final = 0x8000
"""What pieces name them by has 15 bits (section 2.9.217)."""
_IN_BYTES: Final = 0x40000000
_PIECE: Final = 64
"""Bytes of text that take as long as another piece."""
_LEAST: Final = 1024 * 1024
_MOST_FIELDS: Final = 300_000
_PARTS: Final = re.compile("[\x13-\x15]|[^\x13-\x15]+")


def codes(document: bytes, tables: Iterable[bytes]) -> Iterator[str]:
    """The codes of its fields, those that stand in pieces or within each other among them.

    Args:
        document: the stream of this name.
        tables: the streams that may be its table.

    Raises:
        TooMuchError: they take more work than those of any honest document.
    """
    fields = Budget(_MOST_FIELDS, "fields")
    for found in _RAW.finditer(document):
        fields.spend(1)
        yield (found[1] or found[2].replace(b"\0", b"")).decode("cp1252", "replace")
    pieces = Budget(_LEAST + 2 * len(document), "pieces of text")
    for table in tables:
        yield from _codes("".join(_texts(document, _named(document, table, _PIECES), pieces)), fields)


def templates(document: bytes, tables: Iterable[bytes]) -> Iterator[str]:
    """The names of its template, as many as there are tables."""
    for table in tables:
        strings = _named(document, table, _STRINGS)
        if strings.startswith(_EXTENDED):
            _, behind = _string(strings, 6)
            yield _string(strings, behind)[0]


def _named(document: bytes, table: bytes, place: int) -> bytes:
    """The bytes of a table that the document names at some place."""
    start, size = _number(document, place), _number(document, place + 4)
    return table[start : start + size]


def _string(strings: bytes, at: int) -> tuple[str, int]:
    """One of them, and where it ends."""
    end = at + 2 + 2 * _number(strings, at, 2)
    return strings[at + 2 : end].decode("utf-16-le", "replace"), end


def _texts(document: bytes, told: bytes, budget: Budget) -> Iterator[str]:
    """The pieces of a text in their order (section 2.9.38)."""
    at = 0
    for _ in range(_MOST_PROPERTIES):
        if told[at : at + 1] != _PROPERTIES:
            break
        at += 3 + _number(told, at + 1, 2)
    if told[at : at + 1] != _PLACES:
        return
    places = told[at + 5 : at + 5 + _number(told, at + 1)]
    count = max(0, len(places) - 4) // 12
    for number in range(count):
        start = _number(places, 4 * (count + 1) + 8 * number + 2)
        size = max(0, _number(places, 4 * number + 4) - _number(places, 4 * number))
        yield _piece(document, start, size, budget)


def _piece(document: bytes, start: int, size: int, budget: Budget) -> str:
    if start & _IN_BYTES:
        start = (start & ~_IN_BYTES) // 2
        data, encoding = document[start : start + size], "cp1252"
    else:
        data, encoding = document[start : start + 2 * size], "utf-16-le"
    budget.spend(_PIECE + len(data))
    return data.decode(encoding, "replace")


def _codes(text: str, fields: Budget) -> list[str]:
    found = Codes()
    act = {"\x13": found.begin, "\x14": found.separate, "\x15": found.end}
    for part in map(re.Match[str].group, _PARTS.finditer(text)):
        if mark := act.get(part):
            fields.spend(1)
            mark()
        else:
            found.text(part)
    return found.all()


def _number(data: bytes, at: int, size: int = 4) -> int:
    return int.from_bytes(data[at : at + size], "little")
