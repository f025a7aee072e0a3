"""OpenDocument (ISO/IEC 26300), in a package or flat: what a document does besides being read."""

import re
from collections.abc import Mapping
from typing import Final

from sidecar.inspection.formats.bounds import Budget
from sidecar.inspection.formats.office import odf_database
from sidecar.inspection.formats.office.addresses import is_remote, is_share, runs
from sidecar.inspection.formats.office.features import Feature, Survey, survey_parts
from sidecar.inspection.formats.office.formula_calls import asks_program, fetches
from sidecar.inspection.formats.office.package import Package, Part, PartError
from sidecar.inspection.formats.office.xml import elements, local, looks_like_xml, read, values

_TYPES: Final = (b"application/vnd.oasis.opendocument", b"application/vnd.sun.xml.")
"""Today's, and those that OpenOffice.org wrote before."""
_MANIFEST: Final = "meta-inf/manifest.xml"
_BASIC: Final = re.compile(r"(?:basic|dialogs)/.+/(?!script-lb|dialog-lb|script-lc|dialog-lc)[^/]+\Z|scripts/.*[^/]\Z")
_FILES: Final = (b"\xd0\xcf\x11\xe0", b"PK\3\4", b"{\\rt", b"%PDF-")
_PROGRAMS: Final = (b"MZ", b"\x7fELF")
_MACRO: Final = re.compile(r"\s*(?:macro:|vnd\.sun\.star\.(?:script|UNO|expand):)|\s*javascript:", re.IGNORECASE)
_MACROS: Final = frozenset({"module", "script-data"})
_DDE: Final = frozenset({"dde-source", "dde-connection-decl", "dde-link"})
_TAKEN_IN: Final = frozenset({
    "object", "object-ole", "floating-frame", "plugin", "applet", "section-source", "table-source", "cell-range-source",
    "database-source-table", "connection-resource",
})  # fmt: skip
"""Elements that take in, without a click, what they lead to (CVE-2023-2255)."""
_WITHIN: Final = "sdbc:embedded:"
"""What leads to a database in the document itself."""
_SHOWN: Final = frozenset({"image", "fill-image", "background-image", "list-level-style-image", "sound", "audio"})
_FOLLOWED: Final = frozenset({
    "a", "area-rectangle", "area-circle", "area-polygon", "form", "button", "template", "event-listener",
})  # fmt: skip
"""Elements that lead somewhere when somebody asks for it."""
_HOST: Final = re.compile(r"\s*[a-z][a-z0-9+.-]*+://[^/]", re.IGNORECASE)
"""An address with a host: what an element loads that is none of those, as an instance of XForms does its data."""
_ADDRESSES: Final = frozenset({"href", "src"})
_FORMULAS: Final = frozenset({"formula", "expression"})


def is_odf(package: Package) -> bool:
    """Whether it has what makes a ZIP such a document."""
    if {_MANIFEST, "content.xml"} <= package.paths:
        return True  # OpenOffice opens it, whatever its type says
    return any(_tells(package, part) for part in package.parts if part.path == "mimetype")


def _tells(package: Package, part: Part) -> bool:
    try:
        return package.head(part).startswith(_TYPES)
    except PartError:
        return False


def survey(package: Package) -> Survey:
    """Look at every part."""
    return survey_parts(package, _part)


def survey_flat(data: bytes) -> Survey:
    """Look at a document that is one XML file."""
    seen = Survey()
    with seen.reading("document"):
        _Reading("document", seen, elements(len(data))).run(data)
    return seen


def _part(package: Package, part: Part, seen: Survey, budget: Budget) -> None:
    path = part.path
    if _BASIC.match(path):
        seen.add(Feature.MACROS, path)
    head = package.head(part)
    if head.startswith(_FILES):
        seen.embedded.append(part)
    elif head.startswith(_PROGRAMS):
        seen.add(Feature.PROGRAM, path)
    elif path in odf_database.PATHS:
        if found := odf_database.runs_code(package.read(part)):
            seen.add(Feature.PROGRAM, f"{path}: {found}")
    elif looks_like_xml(head) and path.endswith((".xml", ".rdf")):
        _Reading(path, seen, budget).run(package.read(part))
    elif path in {"content.xml", "styles.xml"} and head:
        seen.missed("encrypted", path)


class _Reading:
    """One XML part that may hold something telling."""

    def __init__(self, path: str, seen: Survey, budget: Budget) -> None:
        self._path = path
        self._seen = seen
        self._budget = budget

    def run(self, data: bytes) -> None:
        read(data, self._budget, self._start)

    def _start(self, whole: str, attributes: Mapping[str, str]) -> None:
        name = local(whole)
        self._element(name, attributes)
        for key, value in attributes.items():
            kind = local(key)
            if kind in _ADDRESSES:
                self._address(name, value)
            elif kind in _FORMULAS:
                self._formula(name, value)

    def _element(self, name: str, attributes: Mapping[str, str]) -> None:
        if name in _MACROS or _leads_to_macro(name, attributes):
            self._seen.add(Feature.MACROS, " ".join((f"{self._path}: {name}", *values(attributes, "href"))))
        elif name in _DDE:
            self._seen.add(Feature.DDE, f"{self._path}: {name}")
        elif name == "encryption-data":
            self._seen.missed("encrypted", self._path)

    def _address(self, name: str, target: str) -> None:
        if _MACRO.match(target):
            self._seen.add(Feature.MACROS, f"{self._path}: {name} {target}")
        elif runs(target) or _is_loaded(name, target):
            self._seen.add(Feature.REMOTE, f"{self._path}: {name} {target}")

    def _formula(self, name: str, formula: str) -> None:
        if asks_program(formula):
            self._seen.add(Feature.DDE, f"{self._path}: {name}")
        elif fetches(formula):
            self._seen.add(Feature.REMOTE, f"{self._path}: {name} {formula}")


def _leads_to_macro(name: str, attributes: Mapping[str, str]) -> bool:
    """Whether it calls a macro, or links to a library of them, which is asked for as the document opens."""
    if name == "library":
        return any(values(attributes, "href")) or "true" in values(attributes, "link")
    if name != "event-listener":
        return False
    return any(values(attributes, "macro-name")) or (any(values(attributes, "href")) and not _is_click(attributes))


def _is_click(attributes: Mapping[str, str]) -> bool:
    """Whether it shows another slide (presentation:action of ODF 1.3); `execute` starts a program."""
    actions = values(attributes, "action")
    return bool(actions) and "execute" not in actions and not values(attributes, "language")


def _is_loaded(name: str, target: str) -> bool:
    """Whether an element takes in something of another machine by itself."""
    if name in _FOLLOWED:
        return False
    if name in _TAKEN_IN:
        return is_remote(target) and not target.startswith(_WITHIN)
    return is_share(target) or (name not in _SHOWN and _HOST.match(target) is not None)
