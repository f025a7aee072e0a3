"""Formulas in text that spreadsheets open (RFC 4180 and its kin): those that run programs or call out."""

import re
from collections.abc import Iterator
from enum import Enum
from typing import Final

from sidecar.inspection.formats.office_fields import asks_program


class Deed(Enum):
    """What a formula does; the value says it in words."""

    PROGRAM = "runs a program"
    CALL = "calls another machine"
    LINK = "leads elsewhere"


_PROGRAM: Final = "EXEC|CALL|REGISTER|REGISTER.ID|DDE|DDEAUTO|RTD|FOPEN|RUN|SHELL"
_CALL: Final = "WEBSERVICE|FILTERXML|IMPORTXML|IMPORTDATA|IMPORTHTML|IMPORTFEED|IMPORTRANGE|IMAGE|SQL.REQUEST"
_FUNCTION: Final = re.compile(
    rf"(?:^|[=+\-@(,;*/&^<>{{\s!.])(?:(?P<p>{_PROGRAM})|(?P<c>{_CALL})|HYPERLINK)\s{{0,9}}\(",
    re.IGNORECASE,
)
_TELLING: Final = re.compile(
    rf"\||(?:{_PROGRAM}|{_CALL}|HYPERLINK)\s{{0,9}}\(|\AID;", re.IGNORECASE
)  # fmt: skip
_BEGINS: Final = re.compile(r"[\s\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]")
_LITERAL: Final = re.compile(r"\"[^\"]*\"")
_DELIMITERS: Final = ",;\t|"
_SYLK: Final = "ID;"


def deeds(data: bytes) -> Iterator[tuple[Deed, str]]:
    """What its formulas do, each kind once, with the first cell that does it."""
    text = _text(data)
    if not ("|" in text or "(" in text or text.startswith(_SYLK)) or not _TELLING.search(text):
        return
    told: set[Deed] = set()
    for delimiter in _DELIMITERS:
        if delimiter not in text and delimiter != ",":
            continue
        for cell in _cells(text, delimiter):
            for deed in _of_cell(cell):
                if deed not in told:
                    told.add(deed)
                    yield deed, cell.strip()


def _text(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    return data.decode("utf-8", "replace")


def _cells(text: str, delimiter: str) -> Iterator[str]:
    """The cells that hold formulas, without the quotes around them.

    A quote that is never closed hides the rest of a file from some readers only: then every line counts for itself.
    """
    mark = re.escape(delimiter)
    quoted = r'"(?:[^"]++|"")*+"' if text.count('"') % 2 == 0 else r'"(?:[^"\r\n]++|"")*+"?'
    sylk = text.startswith(_SYLK)
    for cell in re.finditer(rf'{quoted}[^{mark}\r\n]*|[^"{mark}\r\n][^{mark}\r\n]*', text):
        plain = cell[0]
        if plain[0] == '"':
            plain = plain[1:].rstrip('"').replace('""', '"')
        if sylk and plain[:1] == "E":
            plain = "=" + plain[1:]
        if _BEGINS.match(plain):
            yield plain


def _of_cell(cell: str) -> Iterator[Deed]:
    if "|" in cell and asks_program(cell):
        yield Deed.PROGRAM
    for found in _FUNCTION.finditer(_LITERAL.sub('""', cell)):
        yield Deed.PROGRAM if found["p"] else Deed.CALL if found["c"] else Deed.LINK
