"""Refuses HTML, SVG and XML that do more than show something: script, handlers, pages within, entities."""

from collections.abc import Iterable
from typing import ClassVar, Final

from sidecar.inspection.check import Check, Findings
from sidecar.inspection.file import File
from sidecar.inspection.finding import Finding, printable
from sidecar.inspection.formats.anatomy import DamagedError
from sidecar.inspection.formats.bounds import Budget, TooMuchError
from sidecar.inspection.formats.containers.unpacking import members
from sidecar.inspection.formats.markup import quiet
from sidecar.inspection.formats.markup.active import Survey
from sidecar.inspection.formats.markup.elements import MOST_ELEMENTS, Reader
from sidecar.inspection.formats.markup.encoding import with_ascii
from sidecar.inspection.formats.markup.external_subset import is_external_subset
from sidecar.inspection.formats.markup.features import Feature, Form
from sidecar.inspection.reason import Reason
from sidecar.inspection.types.claims import Claims, claims_of
from sidecar.inspection.types.content import HEAD_SIZE, Content, content_of, sniffed_as_page, sniffed_as_xml
from sidecar.inspection.types.kinds import Kind, kind_of_suffix
from sidecar.inspection.whole import Whole
from sidecar.policy.settings.base import MiB
from sidecar.policy.settings.model import Settings
from sidecar.policy.values.words import PassOrRefuse

_ADVICE: Final = "Remove that from the file, or save it as PNG or PDF. Operators: see checks.active_text."
_MOST_BYTES: Final = 64 * MiB
_MOST_MEMBERS: Final = 1000
"""Of a packed drawing; programs write one."""


def _reason(code: str, title: str, expected: str, source: str = "CWE-79; CWE-434") -> Reason:
    return Reason(code, title, 422, "markup", expected, _ADVICE, source=source)


ACTIVE_SCRIPT: Final = _reason("active_script", "A page or drawing holds script", "markup without script elements")
ACTIVE_HANDLER: Final = _reason(
    "active_handler", "A page or drawing has event handlers", "markup without onload, onclick and the like"
)  # fmt: skip
ACTIVE_ADDRESS: Final = _reason(
    "active_address", "A page or drawing has an address that is a program",
    "markup without javascript: and data:text/html",
)  # fmt: skip
ACTIVE_FOREIGN_OBJECT: Final = _reason(
    "active_foreign_object", "A drawing holds a page", "SVG without foreignObject"
)  # fmt: skip
ACTIVE_EMBEDDED: Final = _reason(
    "active_embedded", "A page or drawing shows another page within",
    "markup without iframe, object, embed and the like",
)  # fmt: skip
ACTIVE_REFERENCE: Final = _reason(
    "active_reference", "A page or drawing loads something from another host, or from a file of the machine",
    "SVG that loads nothing from elsewhere; HTML without style sheets and base from elsewhere", "CWE-829; CWE-918",
)  # fmt: skip
ACTIVE_ENTITY: Final = _reason(
    "active_entity", "An XML document takes in other files, or declares entities that are more than a text",
    "XML without such entities and without XInclude",
    "CWE-611; CWE-776; OWASP XML External Entity Prevention",
)  # fmt: skip
ACTIVE_STYLESHEET: Final = _reason(
    "active_stylesheet", "An XML document is turned into another by a style sheet", "XML without XSLT; CSS passes"
)  # fmt: skip
ACTIVE_REFRESH: Final = _reason(
    "active_refresh", "A page leads to another by itself", "a page without meta refresh", "CWE-601"
)  # fmt: skip
ACTIVE_NOT_READ: Final = Reason(
    "active_not_read", "Not all of a page or drawing could be examined", 422, "markup",
    f"at most {quiet.MOST} tags and attributes, {MOST_ELEMENTS} of them with addresses or the like, "
    f"{_MOST_BYTES // MiB} MiB, in an encoding with ASCII or in UTF-16",
    "Save the file in UTF-8, and in a simpler form.", not_examined=True,
)  # fmt: skip


class ActiveTextSettings(Settings):
    """What HTML, SVG and XML may hold: pass or refuse."""

    scripts: PassOrRefuse = "refuse"
    """Script elements."""
    handlers: PassOrRefuse = "refuse"
    """Event handlers: onload, onclick and the like."""
    addresses: PassOrRefuse = "refuse"
    """Addresses that are programs or pages: javascript:, data:text/html."""
    foreign_objects: PassOrRefuse = "refuse"
    """HTML within SVG; some programs write labels so. What Illustrator keeps there passes anyhow."""
    embedded: PassOrRefuse = "refuse"
    """Pages and objects within: iframe, object, embed."""
    references: PassOrRefuse = "refuse"
    """What is loaded from other hosts: anything by SVG, style sheets and base by HTML; and pictures in SVG that are
    files of the machine. Links that are clicked pass."""
    entities: PassOrRefuse = "refuse"
    """Entities that are external, or hold markup or other entities, and XInclude. Plain entities pass anyhow."""
    stylesheets: PassOrRefuse = "refuse"
    """Style sheets of XML that are not CSS."""
    refreshes: PassOrRefuse = "refuse"
    """Pages that lead to another by themselves."""


_BY_FEATURE: Final = {
    Feature.SCRIPT: ("scripts", ACTIVE_SCRIPT), Feature.HANDLER: ("handlers", ACTIVE_HANDLER),
    Feature.ADDRESS: ("addresses", ACTIVE_ADDRESS), Feature.EMBEDDED: ("embedded", ACTIVE_EMBEDDED),
    Feature.FOREIGN_OBJECT: ("foreign_objects", ACTIVE_FOREIGN_OBJECT), Feature.REFRESH: ("refreshes", ACTIVE_REFRESH),
    Feature.REFERENCE: ("references", ACTIVE_REFERENCE), Feature.ENTITY: ("entities", ACTIVE_ENTITY),
    Feature.STYLESHEET: ("stylesheets", ACTIVE_STYLESHEET),
}  # fmt: skip
_FORMS: Final = {kind_of_suffix("svg"): Form.SVG, kind_of_suffix("html"): Form.HTML, kind_of_suffix("xml"): Form.XML}
_GZIP: Final = b"\x1f\x8b\x08"
_BEFORE_MARKUP: Final = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"
_UNMARKED: Final = frozenset({b"<\0", b"\0<"})


class ActiveText(Check):
    """Reads what says that it is HTML, SVG or XML, and what begins so without being called a text to be shown as it is.

    In XML of other kinds only elements in the namespaces of HTML, SVG and MathML run.
    """

    name = "active_text"
    reasons: ClassVar = (*(reason for _, reason in _BY_FEATURE.values()), ACTIVE_NOT_READ)
    settings_type = ActiveTextSettings
    settings: ActiveTextSettings

    def wants(self, file: File) -> bool:
        """Markup, by what it is called or by how it begins, and declarations for it."""
        return bool(_forms_of(file, file.head, file.shown())) or _may_declare(file)

    def examine(self, file: File, whole: Whole) -> Findings:
        """Read it, by each set of rules that somebody may apply to it."""
        text, why = _text_of(whole)
        survey, reader = Survey(), Reader()
        head = text[:HEAD_SIZE]
        for form in sorted(_forms_of(file, head, content_of(file.content_type, head)), key=lambda each: each.value):
            survey.read(text, form, reader)
            if form is Form.HTML and whole.data[:2] in _UNMARKED:  # browsers do not know UTF-16 without its mark
                survey.read(whole.data[:_MOST_BYTES], form, reader)
        survey.read_subset(text)
        for feature, (setting, reason) in _BY_FEATURE.items():
            if feature in survey.found and getattr(self.settings, setting) == "refuse":
                yield Finding(reason, printable(survey.found[feature], 60))
        if why or Feature.UNREAD in survey.found:
            yield Finding(ACTIVE_NOT_READ, why or printable(survey.found[Feature.UNREAD]))


def _forms_of(file: File, head: bytes, content: Content) -> set[Form]:
    """By which rules it would be read."""
    claims = claims_of(file.part)
    if head.startswith(_GZIP):
        return {Form.SVG} if claims.suffix == "svgz" or kind_of_suffix("svg") in claims.kinds else set()
    forms = _forms(claims.kinds)
    if claims.suffix == "svgz":
        forms.add(Form.SVG)
    if not claims.verbatim:
        forms |= _forms((content.opener,) if claims.kinds else (content.opener, content.runs, content.kind))
    if claims.by_suffix is None:
        forms |= _served(claims, head)
    if forms and Form.HTML in forms and (claims.suffix.startswith("xht") or b"<?xml" in head[:100]):
        forms.add(Form.XML)
    return forms


def _may_declare(file: File) -> bool:
    """Whether it begins with declarations of XML, which a document that is sent beside it may take in."""
    if claims_of(file.part).verbatim or file.head.lstrip(_BEFORE_MARKUP)[:1] not in {b"<", b"%"}:
        return False
    return is_external_subset(with_ascii(file.head) or b"")


def _served(claims: Claims, head: bytes) -> set[Form]:
    """By which rules browsers read what a server sends without a type, or as what an earlier suffix says."""
    forms = _forms((claims.served,))
    if sniffed_as_page(head):
        forms.add(Form.HTML)
    if sniffed_as_xml(head):
        forms.add(Form.XML)
    return forms


def _forms(kinds: Iterable[Kind | None]) -> set[Form]:
    return set(map(_FORMS.__getitem__, _FORMS.keys() & kinds))


def _text_of(whole: Whole) -> tuple[bytes, str]:
    """The document in an encoding with ASCII in it, and why that is not all of it."""
    raw = whole.data[: _MOST_BYTES + 1]
    try:
        raw = _unpacked(raw) if raw.startswith(_GZIP) else raw
    except TooMuchError as error:
        return b"", f"more {error} than are looked at"
    if len(raw) > _MOST_BYTES:
        return raw[:_MOST_BYTES], "too large"
    text = with_ascii(raw)
    return (raw, "an encoding in which letters are not those of ASCII") if text is None else (text, "")


def _unpacked(packed: bytes) -> bytes:
    """All members of gzip, up to the damage if there is any.

    Raises:
        TooMuchError: there are more of them than any program writes.
    """
    budget, pieces, room = Budget(_MOST_MEMBERS, "members of gzip"), list[bytes](), _MOST_BYTES + 1
    try:
        for member in members(packed, "gzip"):
            budget.spend(1)
            for piece in member.pieces():
                pieces.append(piece)
                room -= len(piece)
                if room <= 0:
                    return b"".join(pieces)
    except DamagedError:  # browsers show what came before it
        pass
    return b"".join(pieces)
