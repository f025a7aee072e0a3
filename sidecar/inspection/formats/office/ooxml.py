"""Office Open XML (ECMA-376): what a document of Word, Excel or PowerPoint does besides being read."""

import re
from collections.abc import Mapping
from contextlib import suppress
from posixpath import normpath
from typing import Final
from urllib.parse import unquote

from sidecar.inspection.formats.bounds import Budget
from sidecar.inspection.formats.office.addresses import is_remote, is_share, runs
from sidecar.inspection.formats.office.features import Feature, Survey, survey_parts
from sidecar.inspection.formats.office.fields import is_dde, reads_elsewhere
from sidecar.inspection.formats.office.package import Package, Part
from sidecar.inspection.formats.office.word_fields import Fields, may_hold_fields
from sidecar.inspection.formats.office.workbooks import FORMULAS, READ, SHEETS, Connections, judge_formula, may_call
from sidecar.inspection.formats.office.xlsb import has_dde_link
from sidecar.inspection.formats.office.xml import (
    XmlError,
    begins_page,
    elements,
    is_plain,
    local,
    looks_like_xml,
    read,
    read_prolog,
    values,
)

CONTENT_TYPES: Final = "[content_types].xml"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FILES: Final = (_OLE, b"PK\3\4", b"{\\rt", b"%PDF-")
_PROGRAMS: Final = (b"MZ", b"\x7fELF")
_MACROS: Final = re.compile(r"vbaproject|vbadata|macrosheet", re.IGNORECASE)
_ACTIVEX: Final = re.compile(r"activex|/control\Z", re.IGNORECASE)
_TELLING: Final = (b"instrText", b"fldSimple", b"fldChar", b"ddeLink", b"oleLink", b"ppaction", b"&#")
_ACTIONS: Final = {"ppaction://program": Feature.PROGRAM, "ppaction://macro": Feature.MACROS}
_WORTH: Final = re.compile(r"\.rels\Z|\A\[content_types\]\.xml\Z|/(?:slides|slidelayouts|slidemasters)/[^/]*\.xml\Z")
_PROPERTY: Final = re.compile(r"(?:.*/)?customproperty\d*\.bin")
_BINARIES: Final = frozenset({"binData", "binaryData"})
_OFFICE_ROOTS: Final = SHEETS | READ | {"package", "wordDocument"}
_SHOWN: Final = frozenset({"image", "video", "audio", "media"})
"""Relationships that show what they lead to; as web pages do, without running it."""
_HELD: Final = {"package": False, "oleobject": False, "afchunk": True}
"""Relationships to files of their own within the document, and whether it takes them in."""
_EMBEDDED: Final = re.compile(r"(?:^|/)embeddings/[^/]+\Z")
_FOLLOWED: Final = frozenset({"hyperlink", "externallinkpath", "xlpathmissing", "xlstartup", "xlalternatestartup",
    "xllibrary", "xlexternallinkpath"})  # fmt: skip
"""Relationships that are followed only when somebody asks for it."""


def is_ooxml(package: Package) -> bool:
    """Whether it has what makes a ZIP such a document."""
    return CONTENT_TYPES in package.paths


def survey(package: Package) -> Survey:
    """Look at every part."""
    seen = survey_parts(package, _part)
    _add_files(package, seen)
    if seen.refreshed and seen.connected:
        seen.add(Feature.REMOTE, seen.connected)
    return seen


def _add_files(package: Package, seen: Survey) -> None:
    """Those that only a relationship or a folder tells of, as they begin like text or like nothing known."""
    known = set(map(id, seen.embedded))
    for part in package.parts:
        imported = seen.named.get(part.path)
        if imported and id(part) not in known:
            seen.imported.append(part)
        elif (imported is not None or _EMBEDDED.search(part.path)) and id(part) not in known:
            seen.embedded.append(part)


def survey_flat(data: bytes) -> tuple[Survey, list[str]]:
    """Look at a document that is one XML file.

    Returns:
        What was found, and the files within as they stand in it: in Base64.
    """
    seen = Survey()
    reading = _Reading("document", seen, elements(len(data)))
    with seen.reading("document"):
        reading.run(data)
    return seen, reading.binaries


def _by_name(name: str, where: str, seen: Survey) -> None:
    if _MACROS.search(name):
        seen.add(Feature.MACROS, where)
    elif _ACTIVEX.search(name):
        seen.add(Feature.ACTIVEX, where)


def _part(package: Package, part: Part, seen: Survey, budget: Budget) -> None:
    path = part.path
    _by_name(path, path, seen)
    head = package.head(part)
    if path.endswith(".piece"):
        seen.missed("in pieces", path)  # ECMA-376 part 2, section 7.2.3.4; no office program writes it
    elif head.startswith(_PROGRAMS) and not path.endswith((".xml", ".rels", ".bmp")):
        seen.add(Feature.PROGRAM, path)
    elif head.startswith(_FILES):
        seen.embedded.append(part)
    elif "externallink" in path and path.endswith(".bin"):
        if has_dde_link(package.read(part)):
            seen.add(Feature.DDE, path)
    elif _PROPERTY.fullmatch(path):
        _property(package.read(part), path, seen, budget)
    elif path.endswith((".xml", ".rels", ".vml")) or (looks_like_xml(head) and not begins_page(head)):
        _xml(package.read(part), path, seen, budget)


def _xml(data: bytes, path: str, seen: Survey, budget: Budget) -> None:
    if not data.strip():
        return
    if path.endswith(".vml"):
        _vml(data, path, seen)
    elif not is_plain(data) or _WORTH.search(path) or _tells(data) or _is_of_workbook(data):
        _Reading(path, seen, budget).run(data)


def _property(data: bytes, path: str, seen: Survey, budget: Budget) -> None:
    """What programs keep with a sheet: any bytes, and of text in UTF-16 some readers do not mind that it says UTF-8."""
    for each in (data, data.decode("utf-16-le", "replace").encode()):
        if looks_like_xml(each):
            with suppress(XmlError):
                _xml(each, path, seen, budget)


def _tells(data: bytes) -> bool:
    """Whether a part must be read: most hold none of the words, which are sought fastest from behind, one by one."""
    return any(data.rfind(word) >= 0 for word in _TELLING)


def _is_of_workbook(data: bytes) -> bool:
    """Whether it is a part of a workbook that may ask others for data; what comes before its root is judged anyhow."""
    root = read_prolog(data)
    return root in READ or (root in SHEETS and may_call(data))


def _vml(data: bytes, path: str, seen: Survey) -> None:
    """Excel writes VML with the tags of HTML, so it need not be well-formed."""
    if re.search(rb"<!\s*(?:DOCTYPE|ENTITY)", data) or not is_plain(data):
        seen.add(Feature.DOCTYPE, path)


class _Reading:
    """One XML part that may hold something telling."""

    def __init__(self, path: str, seen: Survey, budget: Budget) -> None:
        self._path = path
        self._seen = seen
        self._budget = budget
        self._fields: Fields | None = None
        self._connections = Connections(path, seen)
        self._root = ""
        self._texts: list[list[str] | None] = []
        self.binaries: list[str] = []

    def run(self, data: bytes) -> None:
        self._fields = Fields() if may_hold_fields(data) else None
        try:
            read(data, self._budget, self._start, self._text, self._end)
        finally:
            if self._fields:
                self._judge(self._fields)

    def _judge(self, fields: Fields) -> None:
        for code in fields.all():
            if is_dde(code):
                self._seen.add(Feature.DDE, f"{self._path}: {code.strip()}")
            elif reads_elsewhere(code):
                self._seen.add(Feature.REMOTE, f"{self._path}: {code.strip()}")
        if fields.unclear:
            self._seen.missed("fields that programs read in different ways", self._path)

    def _start(self, whole: str, attributes: Mapping[str, str]) -> None:
        name = local(whole)
        if self._fields:
            self._fields.start(whole, attributes)
        self._root = self._root or name
        if self._texts and self._texts[-1] is not None and self._root in _OFFICE_ROOTS:
            self._seen.missed("elements in a formula or a file", self._path)  # both are text alone (ECMA-376 part 1)
        self._texts.append([] if name in FORMULAS or name in _BINARIES else None)
        self._look(name, attributes)

    def _look(self, name: str, attributes: Mapping[str, str]) -> None:
        match name:
            case "Relationship":
                _relationship(attributes, self._path, self._seen)
            case "Override":  # a `Default` for a suffix says nothing of what is there
                for kind in values(attributes, "ContentType"):
                    _by_name(kind, f"{self._path}: {kind}", self._seen)
            case "part":  # of a package in one file
                for value in attributes.values():
                    _by_name(value, f"{self._path}: {value}", self._seen)
            case "ddeLink":
                self._seen.add(Feature.DDE, " ".join((f"{self._path}:", *values(attributes, "ddeService"))))
            case _:
                self._connections.start(name, attributes)
                for action in values(attributes, "action"):
                    self._action(action)

    def _action(self, action: str) -> None:
        for prefix, feature in _ACTIONS.items():
            if action.lower().startswith(prefix):
                self._seen.add(feature, f"{self._path}: {action}")

    def _text(self, text: str) -> None:
        if self._fields:
            self._fields.text(text)
        if (own := self._texts[-1]) is not None:
            own.append(text)

    def _end(self, whole: str) -> None:
        if self._fields:
            self._fields.end()
        own = self._texts.pop()
        if own is None:
            return
        if local(whole) in FORMULAS:
            judge_formula("".join(own), self._path, self._seen)
        else:
            self.binaries.append("".join(own))


def _relationship(attributes: Mapping[str, str], path: str, seen: Survey) -> None:
    kinds = [kind.rpartition("/")[2] for kind in values(attributes, "Type")] or [""]
    targets = values(attributes, "Target") or [""]
    for kind in kinds:
        _by_name("/" + kind, f"{path}: {kind} {targets[0]}", seen)
    lower = {kind.lower() for kind in kinds}
    for kind in lower & _HELD.keys():
        seen.named.update((_within(path, target), _HELD[kind]) for target in targets)
    if not any(mode.strip().lower() == "external" for mode in values(attributes, "TargetMode")):
        return
    follows, shows = lower <= _FOLLOWED, lower <= _FOLLOWED | _SHOWN
    for target in targets:
        if runs(target) or (not follows and is_share(target)) or (not shows and is_remote(target)):
            seen.add(Feature.REMOTE, f"{path}: {kinds[0]} {target}")


def _within(path: str, target: str) -> str:
    """Where a relationship leads to in its document, written as the paths of parts are."""
    folder = path.rpartition("_rels/")[0]
    bare = unquote(target.strip()).replace("\\", "/").lower()
    return normpath(bare if bare.startswith("/") else f"/{folder}{bare}").lstrip("/")
