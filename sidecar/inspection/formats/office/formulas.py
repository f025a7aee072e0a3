"""Formulas in text that spreadsheets open (RFC 4180 and its kin): those that run programs or call out."""

import re
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Final

from sidecar.inspection.formats.anatomy import Data
from sidecar.inspection.formats.bounds import Budget
from sidecar.inspection.formats.office.addresses import has_remote
from sidecar.inspection.formats.office.formula_calls import asks_program
from sidecar.inspection.formats.office.function_names import (
    CALL_WORDS,
    CALLS,
    LINK_WORDS,
    LINKS,
    NAMES,
    PROGRAMS,
    any_of,
)
from sidecar.inspection.formats.office.function_search import UTF_8, encodings_with_names, names_function
from sidecar.inspection.formats.office.table_cells import cells, delimiters, formulas_of_lines, is_sylk
from sidecar.inspection.formats.windows import find


class Deed(Enum):
    """What a formula does; the value says it in words."""

    PROGRAM = "runs a program"
    CALL = "calls another machine"
    LINK = "leads elsewhere"


Deeds = Iterator[tuple[Deed, str]]
_BEHIND: Final = rf"(?:^|[=+\-@(,;*/&^<>{{\s!.])(?=[{''.join({re.escape(name[0]) for name in NAMES})}])"
_GIVEN: Final = r"\((?=[^()]*?(?:[\"\[:(]|'[^'()]*'|\b[^\W\d_]{1,3}\$?\d))"
"""A bracket behind which stands what a function could use: a text, cells, a label or what another function gives.

Words and numbers alone do nothing in a table that gives no names to texts: that is prose.
"""


def _functions(bracket: str) -> re.Pattern[str]:
    return re.compile(
        rf"{_BEHIND}(?:(?P<p>{any_of(PROGRAMS)})|(?P<c>{any_of(CALLS)})|{any_of(LINKS)})\s{{0,9}}{bracket}"
        rf"|[=(,;*/&^<>{{]\s{{0,9}}(?:(?P<w>{any_of(CALL_WORDS)})|{any_of(LINK_WORDS)}){bracket}",
        re.IGNORECASE,
    )


_FUNCTION, _FUNCTION_OF_NAMES = _functions(_GIVEN), _functions(r"\(")
_QUOTED_NAME: Final = re.compile(r"'([^']*)'[!#][\w$]")
"""Where a cell of another workbook is: `'\\\\host\\a\\[b.xlsx]C'!A1`, and as LibreOffice writes it `'file://host/b.ods'#$C.A1`."""
_LITERAL: Final = re.compile(r"\"[^\"]*\"")
MOST_CELLS: Final = 600_000
"""Formulas with a bracket or a bar that are looked at, under all delimiters: each takes up to two microseconds."""
_READ: Final = 8
"""Characters of a formula that take as long as a cell, read for what it does."""


def deeds(data: Data) -> Deeds:
    """What the formulas of a table do that are found under any delimiter, each kind once with the first cell.

    Args:
        data: in an encoding in which ASCII is one byte each.

    Raises:
        TooMuchError: there are more formulas than are looked at.
    """
    encodings, told = encodings_with_names(data), set[Deed]()
    tells = (b"|" if find(data, b"|") >= 0 else b"") + (b"(" if encodings else b"") + (b"'" if _refers(data) else b"")
    budget = Budget(MOST_CELLS, "formulas")
    reader = _Reader(budget, gives_names=is_sylk(data))
    for delimiter in delimiters(data) if tells else ():
        for cell in cells(data, delimiter, tells, budget):
            yield from _untold(reader.read(cell, encodings), told)
        if len(told) == len(Deed):
            return


def deeds_of_cells(pieces: Iterable[bytes], *, gives_names: bool) -> Deeds:
    """What formulas do that were found as cells already, one a line; as `deeds` tells it.

    Args:
        pieces: whole lines each.
        gives_names: whether names can stand for texts there.
    """
    budget, told = Budget(MOST_CELLS, "formulas"), set[Deed]()
    reader = _Reader(budget, gives_names=gives_names)
    for piece in pieces:
        encodings = encodings_with_names(piece)
        for cell in formulas_of_lines(piece, budget) if encodings or piece.find(b"|") >= 0 or _refers(piece) else ():
            yield from _untold(reader.read(cell, encodings), told)


def _refers(data: Data) -> bool:
    return any(find(data, behind) >= 0 for behind in (b"'!", b"'#"))


def _untold(found: Deeds, told: set[Deed]) -> Deeds:
    for deed, cell in found:
        if deed not in told:
            told.add(deed)
            yield deed, cell


class _Reader:
    """Reads the formulas of one table, as many as are looked at."""

    def __init__(self, budget: Budget, *, gives_names: bool) -> None:
        self._function = _FUNCTION_OF_NAMES if gives_names else _FUNCTION
        self._budget = budget

    def read(self, cell: bytes, encodings: Iterable[str]) -> Deeds:
        """What one does."""
        for text in _texts(cell, encodings):
            yield from ((deed, text.strip()) for deed in self._of_text(text))

    def _of_text(self, text: str) -> Iterator[Deed]:
        bar, function = "|" in text, names_function(text)
        self._budget.spend(len(text) // _READ if bar or function else 0)
        if bar and asks_program(text):
            yield Deed.PROGRAM
        if any(has_remote(name) for name in _QUOTED_NAME.findall(text)):
            yield Deed.CALL
        if function:
            for found in self._function.finditer(_LITERAL.sub('""', text)):
                yield Deed.PROGRAM if found["p"] else Deed.CALL if found["c"] or found["w"] else Deed.LINK


def _texts(cell: bytes, encodings: Iterable[str]) -> Iterable[str]:
    """What a cell says: what is UTF-8 is nothing else."""
    try:
        return (cell.decode(),)
    except UnicodeDecodeError:
        return [cell.decode(encoding, "replace") for encoding in dict.fromkeys((UTF_8, *encodings))]
