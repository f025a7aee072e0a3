"""Formulas in text that spreadsheets open (RFC 4180 and its kin): those that run programs or call out."""

import re
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Final

from sidecar.inspection.formats.bounds import Budget
from sidecar.inspection.formats.office.formula_calls import asks_program
from sidecar.inspection.formats.office.function_names import (
    CALL_WORDS,
    CALLS,
    CODE_PAGES,
    LINK_WORDS,
    LINKS,
    NAMES,
    PROGRAMS,
    any_of,
    by_stem,
    in_page,
)


class Deed(Enum):
    """What a formula does; the value says it in words."""

    PROGRAM = "runs a program"
    CALL = "calls another machine"
    LINK = "leads elsewhere"


_BEFORE_BRACKET: Final = {name: re.compile(rf"{re.escape(name)}\s{{0,9}}\(") for name in NAMES}
_ALL, _PLAIN = by_stem(NAMES), by_stem(filter(str.isascii, NAMES))
_IN_PAGES: Final = {page: by_stem(in_page(page)) for page in CODE_PAGES}
_BEHIND: Final = rf"(?:^|[=+\-@(,;*/&^<>{{\s!.])(?=[{''.join({re.escape(name[0]) for name in NAMES})}])"
_FUNCTION: Final = re.compile(
    rf"{_BEHIND}(?:(?P<p>{any_of(PROGRAMS)})|(?P<c>{any_of(CALLS)})|{any_of(LINKS)})\s{{0,9}}\("
    rf"|[=(,;*/&^<>{{]\s{{0,9}}(?:(?P<w>{any_of(CALL_WORDS)})|{any_of(LINK_WORDS)})\(",
    re.IGNORECASE,
)
_MARKS: Final = r"=+\-@\uff1d\uff0b\uff0d\uff20"
_BEGINS: Final = re.compile(rf"[\s\ufeff]*[{_MARKS}]")
_LITERAL: Final = re.compile(r"\"[^\"]*\"")
_DELIMITERS: Final = ",;\t|"
_OWN_DELIMITER: Final = re.compile(r"\ufeff?\"?sep=([^\"\r\n])", re.IGNORECASE)
"""The first line by which Excel and LibreOffice let a table name any other."""
_SYLK: Final = "ID;"
MOST_CELLS: Final = 600_000
"""Formulas with a bracket or a bar that are looked at, under all delimiters: each takes up to two microseconds."""
_SEARCHED: Final = 64
_READ: Final = 8
"""Characters of a formula that take as long as a cell: searched for a name, and read for what it does."""


def deeds(data: bytes) -> Iterator[tuple[Deed, str]]:
    """What its formulas do, each kind once, with the first cell that does it.

    Raises:
        TooMuchError: there are more formulas than are looked at.
    """
    told: set[Deed] = set()
    budget = Budget(MOST_CELLS, "formulas")
    for text in _texts(data):
        for deed, cell in _of_text(text, budget):
            if deed not in told:
                told.add(deed)
                yield deed, cell.strip()


def _of_text(text: str, budget: Budget) -> Iterator[tuple[Deed, str]]:
    tells = ("|" if "|" in text else "") + ("(" if _calls_function(text) else "")
    if not tells:
        return
    told: set[Deed] = set()
    for delimiter in _delimiters(text):
        if delimiter not in text and delimiter != ",":
            continue
        for cell in _cells(text, delimiter, tells, budget):
            for deed in _of_cell(cell, budget):
                told.add(deed)
                yield deed, cell
        if len(told) == len(Deed):
            return


def _calls_function(text: str, names: dict[str, list[str]] | None = None) -> bool:
    """Whether one of the names stands before a bracket; each is searched for by itself, in a tenth of the time."""
    if "(" not in text:
        return False
    upper = text.upper()
    return any(
        name in upper and _BEFORE_BRACKET[name].search(upper)
        for stem, those in (names or (_PLAIN if text.isascii() else _ALL)).items()
        if stem in upper
        for name in those
    )


def _texts(data: bytes) -> Iterator[str]:
    """What it says; where that is not UTF-8, also in the code pages in which names of functions have other letters."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield data.decode("utf-16", "replace")
        return
    try:
        yield data.decode()
    except UnicodeDecodeError:
        yield data.decode("utf-8", "replace")
        for page, names in _IN_PAGES.items():
            if _calls_function(text := data.decode(page, "replace"), names):
                yield text


def _delimiters(text: str) -> Iterable[str]:
    named = _OWN_DELIMITER.match(text)
    return dict.fromkeys(_DELIMITERS + (named[1] if named else ""))


def _cells(text: str, delimiter: str, tells: str, budget: Budget) -> Iterator[str]:
    """The cells that hold formulas with a character that tells, without the quotes around them.

    A quote that is never closed hides the rest of a file from some readers only: then every line counts for itself.
    """
    mark, closed = re.escape(delimiter), text.count('"') % 2 == 0
    inside = '"' if closed else r'"\r\n'
    sylk = text.startswith(_SYLK)
    quoted = rf'"(?:[^{inside}]++|"")*+"' + ("" if closed else "?")
    cell_at = re.compile(rf'{quoted}[^{mark}\r\n]*|[^"{mark}\r\n][^{mark}\r\n]*')
    passed, at = _passed(mark, inside, re.escape(tells), "E" if sylk else ""), 0
    while cell := cell_at.search(text, passed.match(text, at).end()):  # type: ignore[union-attr]  # matches nothing, too
        budget.spend(1 + len(cell[0]) // _SEARCHED)
        plain, at = cell[0], cell.end()
        if plain[0] == '"':
            plain = plain[1:].rstrip('"').replace('""', '"')
        if sylk and plain[:1] == "E":
            plain = "=" + plain[1:]
        if _BEGINS.match(plain):
            yield plain


def _passed(mark: str, inside: str, tells: str, begin: str) -> re.Pattern[str]:
    """Cells that do nothing, because they hold no character that tells or begin like no formula."""
    ends, other = rf"[{mark}\r\n]", rf'[^"{mark}\s\ufeff{_MARKS}{begin}]'
    return re.compile(
        rf'(?:[^"{tells.replace(mark, "")}]*{ends}|{other}[^{mark}\r\n]*+{ends}'
        rf'|"(?:[^{inside}{tells}]++|"")*+"{ends}|"{other}(?:[^{inside}]++|"")*+"{ends})*+'
    )


def _of_cell(cell: str, budget: Budget) -> Iterator[Deed]:
    bar, function = "|" in cell, _calls_function(cell)
    budget.spend(len(cell) // _READ if bar or function else 0)
    if bar and asks_program(cell):
        yield Deed.PROGRAM
    if function:
        for found in _FUNCTION.finditer(_LITERAL.sub('""', cell)):
            yield Deed.PROGRAM if found["p"] else Deed.CALL if found["c"] or found["w"] else Deed.LINK
