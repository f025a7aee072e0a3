"""Refuses CSV and the like whose formulas run programs or call other machines when a spreadsheet opens them."""

from codecs import getincrementaldecoder
from collections.abc import Iterator
from io import BytesIO
from typing import ClassVar, Final

from sidecar.inspection.check import Check, Findings
from sidecar.inspection.file import File
from sidecar.inspection.finding import Finding, printable
from sidecar.inspection.formats.anatomy import Data
from sidecar.inspection.formats.bounds import TooMuchError
from sidecar.inspection.formats.office.formulas import MOST_CELLS, Deed, Deeds, deeds, deeds_of_cells
from sidecar.inspection.formats.office.html_tables import cells_of_page, gives_names, is_page
from sidecar.inspection.formats.windows import windows
from sidecar.inspection.reason import Reason
from sidecar.inspection.types.claims import claims_of
from sidecar.inspection.types.content import HEAD_SIZE, unmarked
from sidecar.inspection.types.kinds import KINDS
from sidecar.inspection.whole import Whole
from sidecar.policy.settings.base import MiB
from sidecar.policy.settings.model import Settings
from sidecar.policy.values.words import PassOrRefuse

_ADVICE: Final = "Put an apostrophe before the formula, or take it out. Operators: see checks.spreadsheet_formulas."
_SUFFIXES: Final = frozenset({"csv", "tsv", "tab", "slk", "sylk", "dif", "xls", "xlt", "xla"})
_TYPES: Final = frozenset({"text/csv", "text/tab-separated-values", "application/vnd.ms-excel"})
_KINDS: Final = frozenset(kind for kind in KINDS if kind.types & _TYPES)
_BINARY: Final = (b"PK\3\4", b"\xd0\xcf\x11\xe0")
_MOST: Final = 64 * MiB
_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")


def _reason(code: str, title: str, expected: str) -> Reason:
    return Reason(code, title, 422, "spreadsheet", expected, _ADVICE, source="CWE-1236; OWASP, CSV Injection")


FORMULA_PROGRAM: Final = _reason("formula_program", "A formula would run a program", "formulas that only calculate")
FORMULA_CALL: Final = _reason("formula_call", "A formula would call another machine", "formulas that only calculate")
FORMULA_LINK: Final = _reason("formula_link", "A formula makes a link", "links as plain text")
FORMULAS_NOT_EXAMINED: Final = Reason(
    "formulas_not_examined", "A table is too large to be examined", 422, "spreadsheet",
    f"at most {_MOST // MiB} MiB, and {MOST_CELLS} formulas with brackets, bars or quotes, "
    "long ones counting several times",
    "Send it in pieces. Operators: `not_examined: forward`, or turn checks.spreadsheet_formulas off.",
    not_examined=True,
)  # fmt: skip


class SpreadsheetFormulasSettings(Settings):
    """What formulas in CSV may do: pass or refuse. Numbers with a sign and formulas that calculate pass anyhow."""

    programs: PassOrRefuse = "refuse"
    """Formulas that run programs (DDE and functions of Excel 4.0)."""
    calls: PassOrRefuse = "refuse"
    """Formulas that call other machines, with what is in other cells: WEBSERVICE, IMPORTXML and the like, and cells of
    workbooks there."""
    links: PassOrRefuse = "refuse"
    """HYPERLINK, which can carry other cells to whoever a click leads to."""


_BY_DEED: Final = {
    Deed.PROGRAM: ("programs", FORMULA_PROGRAM), Deed.CALL: ("calls", FORMULA_CALL), Deed.LINK: ("links", FORMULA_LINK),
}  # fmt: skip


class SpreadsheetFormulas(Check):
    """Reads every cell of what claims to be a table in text, under every delimiter that it could have."""

    name = "spreadsheet_formulas"
    reasons: ClassVar = (FORMULA_PROGRAM, FORMULA_CALL, FORMULA_LINK, FORMULAS_NOT_EXAMINED)
    settings_type = SpreadsheetFormulasSettings
    settings: SpreadsheetFormulasSettings

    def wants(self, file: File) -> bool:
        """Whether a spreadsheet would open it as text."""
        claims = claims_of(file.part)
        claimed = claims.suffix in _SUFFIXES or not _KINDS.isdisjoint(claims.kinds)
        named = claimed or file.content_type in _TYPES
        return named and not file.head.startswith(_BINARY)

    def examine(self, file: File, whole: Whole) -> Findings:
        """Judge every cell."""
        if len(whole) > _MOST:
            yield Finding(FORMULAS_NOT_EXAMINED, f"{len(whole)} bytes")
            return
        try:
            for deed, cell in (each for table in _tables(whole.data) for each in _deeds(table)):
                setting, reason = _BY_DEED[deed]
                if getattr(self.settings, setting) == "refuse":
                    yield Finding(reason, printable(cell))
        except TooMuchError:
            yield Finding(FORMULAS_NOT_EXAMINED, "more formulas than are looked at")


def _tables(data: Data) -> Iterator[Data]:
    """As it is, and what a spreadsheet makes of it that knows UTF-16, with or without its mark; in bytes with ASCII."""
    marked = data[:2] in _MARKS
    if not marked:
        yield data
    if encoding := "utf-16" if marked else unmarked(data[:HEAD_SIZE]):
        yield _in_utf_8(data, encoding)


def _in_utf_8(data: Data, encoding: str) -> bytes:
    decoder, text = getincrementaldecoder(encoding)("replace"), BytesIO()
    for at, end in windows(data, 0, len(data)):
        text.write(decoder.decode(data[at:end], end == len(data)).encode())
    return text.getvalue()


def _deeds(table: Data) -> Deeds:
    yield from deeds(table)
    if is_page(table):
        yield from deeds_of_cells(cells_of_page(table), gives_names=gives_names(table))
