"""What a workbook asks others for by itself: in formulas, and over connections that are refreshed as it is opened."""

import re
from collections.abc import Mapping
from typing import Final

from sidecar.inspection.formats.office.addresses import is_remote
from sidecar.inspection.formats.office.features import Feature, Survey
from sidecar.inspection.formats.office.formula_calls import asks_program, fetches
from sidecar.inspection.formats.office.function_names import CALLS_OF_CELLS, PROGRAMS_OF_CELLS, any_of
from sidecar.inspection.formats.office.xml import elements, is_plain, read, values
from sidecar.inspection.formats.windows import windows

FORMULAS: Final = frozenset({"f", "definedName"})
"""Elements whose text is a formula that is calculated."""
SHEETS: Final = frozenset({"worksheet", "dialogsheet", "macrosheet"})
READ: Final = frozenset({"workbook", "connections", "queryTable", "pivotCacheDefinition"})
"""Parts by their first element: where formulas may be, and those that are always read."""
_FORMULAS: Final = tuple(
    re.compile(rb"%b(?:\s[^<>]*)?(?<!/)>[^<]*(?:\||<[^/])" % begin) for begin in (rb"<f", rb"<[^\s<>/:]+:f")
)
"""Those that may call a program; with an element, a comment, an instruction or CDATA in it, one may hide anything."""
_FUNCTIONS: Final = (*PROGRAMS_OF_CELLS, *CALLS_OF_CELLS)
_STEM: Final = "IMPORT"
_STEMS: Final = sorted({(_STEM if name.startswith(_STEM) else name).encode() for name in _FUNCTIONS})
"""What names have in common is sought first, one by one."""
_CALL: Final = re.compile(rb"(?<![A-Z0-9_])(?:%b)\s*(?:\(|\Z)" % any_of(_FUNCTIONS).encode())
_OVERLAP: Final = 64
_SOURCES: Final = frozenset({"webPr", "dbPr", "olapPr", "textPr"})
_NO: Final = frozenset({"", "0", "false"})


def may_call(sheet: bytes) -> bool:
    """Whether a sheet holds a formula that must be read."""
    if sheet.rfind(b"</f") < 0 and sheet.rfind(b":f") < 0:
        return False
    first, prefixed = _FORMULAS
    if first.search(sheet) or (sheet.find(b":f") >= 0 and prefixed.search(sheet)):
        return True
    return _names_function(sheet)


def judge_formula(formula: str, where: str, seen: Survey) -> None:
    """Add what it asks for."""
    if asks_program(formula):
        seen.add(Feature.DDE, f"{where}: {formula}")
    elif fetches(formula):
        seen.add(Feature.REMOTE, f"{where}: {formula}")


def survey_2003(data: bytes) -> Survey:
    """Look at the formulas of Excel 2003 XML."""
    seen = Survey()
    if not is_plain(data) or _may_hide(data) or data.find(b"|") >= 0 or _names_function(data):
        with seen.reading("document"):
            read(data, elements(len(data)), lambda name, attributes: _look_2003(name, attributes, seen))
    return seen


def _may_hide(data: bytes) -> bool:
    return data.rfind(b"&#") >= 0 or data.rfind(b"<!DOCTYPE") >= 0


def _look_2003(name: str, attributes: Mapping[str, str], seen: Survey) -> None:
    for formula in (*values(attributes, "Formula"), *values(attributes, "RefersTo")):
        judge_formula(formula, f"document: {name}", seen)


def _names_function(data: bytes) -> bool:
    """Whether the name of a function stands before a bracket, in letters of either case."""
    for start, end in windows(data, _OVERLAP, len(data)):
        upper = data[start:end].upper()
        if any(upper.rfind(stem) >= 0 for stem in _STEMS) and _CALL.search(upper):
            return True
    return False


class Connections:
    """The data connections of one part; what they come to is told once all parts were read."""

    def __init__(self, path: str, seen: Survey) -> None:
        """Nothing was read yet."""
        self._path = path
        self._seen = seen
        self._pivot = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        if name == "pivotCacheDefinition":
            self._pivot = _says(attributes, "refreshOnLoad")
        elif name == "cacheSource":
            self._seen.refreshed |= self._pivot and "external" in values(attributes, "type")
        elif name in {"connection", "queryTable"}:
            self._seen.refreshed |= _says(attributes, "refreshOnLoad") or _says(attributes, "interval")
        elif name == "workbookPr":
            self._seen.refreshed |= _says(attributes, "refreshAllConnections")
        elif name in _SOURCES:
            self._source(name, attributes)

    def _source(self, name: str, attributes: Mapping[str, str]) -> None:
        files = values(attributes, "sourceFile")
        if name != "textPr" or any(map(is_remote, files)):
            source = next(filter(None, (*values(attributes, "url"), *values(attributes, "connection"), *files)), "")
            self._seen.connected = self._seen.connected or f"{self._path}: {name} {source}"


def _says(attributes: Mapping[str, str], name: str) -> bool:
    return any(value not in _NO for value in values(attributes, name))
