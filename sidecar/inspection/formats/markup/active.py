"""What runs, loads or leads away in HTML, SVG and XML."""

import re
from copy import copy
from typing import Final

from sidecar.inspection.formats.bounds import Budget, TooMuchError
from sidecar.inspection.formats.markup import addresses, css
from sidecar.inspection.formats.markup.active_names import (
    ADDRESSES,
    ANIMATED,
    EMBEDDED,
    HANDLER,
    NAMED,
    PICTURES,
    SCRIPTS,
    Telling,
)
from sidecar.inspection.formats.markup.active_namespaces import Namespaces, Rule, is_mere_data, may_include
from sidecar.inspection.formats.markup.active_search import handler_in, script_in
from sidecar.inspection.formats.markup.document_type import DocumentType
from sidecar.inspection.formats.markup.dtd_hosts import is_elsewhere
from sidecar.inspection.formats.markup.elements import Element, Instruction, Reader, Style, Token, local, unquoted
from sidecar.inspection.formats.markup.encoding import with_ascii
from sidecar.inspection.formats.markup.external_subset import is_external_subset, risk_of
from sidecar.inspection.formats.markup.features import OF_PICTURES, Feature, Form
from sidecar.inspection.formats.markup.loading import is_loaded, listed
from sidecar.inspection.formats.markup.named_sheet import named_sheet

_RULES: Final = {Form.HTML: Rule.PAGE, Form.SVG: Rule.DRAWING}
_DRAWN: Final = frozenset({b"image", b"feimage"})
"""Converters open what these name; a path from the root at others (`<use href="/icons.svg#a">`) is for browsers."""
_MOST_LISTED: Final = 300_000
"""Addresses in lists: a microsecond each."""
_MOST_IN_STYLES: Final = 300_000
"""Styles, and escapes, references, comments and addresses in all of them: 3 microseconds each."""
_MOST_REFERENCES: Final = 400_000
"""References in attributes, and escapes in drawings within, which are resolved one by one."""
_OF_STYLES: Final = re.compile(rb"[\\&]|--")
"""One of these stands in a style without brackets that tells anything."""
_STYLED: Final = re.compile(rb"[\\&:/xX]")
"""One of these stands in each style that tells anything: hosts, programs, references, escapes, `expression`."""
_SHEET: Final = re.compile(rb"stylesheet", re.IGNORECASE)
_ADOBE: Final = b"http://ns.adobe.com/"
_IN_PAGES: Final = re.compile(rb"<(?:svg|math)[\s/>]", re.IGNORECASE)


class Survey:
    """What a document holds.

    Attributes:
        found: by feature, the first sign of it.
    """

    def __init__(self) -> None:
        self.found: dict[Feature, bytes] = {}
        self._reader = Reader()
        self._entities: dict[bytes, bytes] = {}
        self._styles = Budget(_MOST_IN_STYLES, "styles, escapes, comments and addresses in them")
        self._listed = Budget(_MOST_LISTED, "addresses in lists")
        self._references = Budget(_MOST_REFERENCES, "references and escapes in attributes")
        self._telling = Telling()
        self._refers, self._rel = True, b""
        self._defaults: list[Element] = []
        self._spaces: Namespaces | None = None
        self._rule: Rule | None = None

    def read(self, text: bytes, form: Form, reader: Reader) -> None:
        """Read one document by one set of rules."""
        if form is Form.XML and is_mere_data(text):
            return
        self._entities, self._refers, self._defaults = {}, b"&" in text, []
        self._rule, self._reader = _RULES.get(form), reader
        asked = form is Form.XML or (form is Form.SVG and may_include(text))
        self._spaces = Namespaces(self._decoded, self._rule) if asked else None
        try:
            for token in reader.html(text) if form is Form.HTML else reader.xml(text, deep=asked):
                self._judge(token)
            self._judge_defaults()
        except TooMuchError as error:
            self._unread(error)
        if form is Form.SVG or (form is Form.HTML and _IN_PAGES.search(text)):
            self._search(text)

    def read_subset(self, text: bytes) -> None:
        """Read declarations, if they are what a file begins with."""
        try:
            risk = risk_of(text) if is_external_subset(text) else ""
        except TooMuchError as error:
            self._unread(error)
        else:
            self.found |= {Feature.ENTITY: risk.encode()} if risk else {}

    def _unread(self, error: TooMuchError) -> None:
        self._note(Feature.UNREAD, f"more {error} than are looked at".encode())

    def _search(self, text: bytes) -> None:
        for feature, sign in ((Feature.SCRIPT, script_in(text)), (Feature.HANDLER, handler_in(text))):
            if sign:
                self._note(feature, sign)

    def _note(self, feature: Feature, sign: bytes) -> None:
        self.found.setdefault(feature, sign[:60])

    def _judge(self, token: Token) -> None:
        match token:
            case Element():
                if self._refers:
                    self._refer(token)
                if self._spaces is not None:
                    self._rule = self._spaces.rule(token)
                    if token.name == b"include" and self._spaces.includes:
                        self._note(Feature.ENTITY, b"XInclude")
                if self._rule is not None:
                    self._element(token)
            case Style(text=text):  # of the element before it
                if self._rule is not None:
                    self._style(text, sheet=True)
            case Instruction(text=text):
                self._instruction(text)
            case DocumentType():
                self._document_type(token)

    def _refer(self, element: Element) -> None:
        for _, value in element.attributes:
            if b"&" in value:
                self._references.spend(value.count(b"&"))

    def _judge_defaults(self) -> None:
        """Attributes that the document type gives, as if they stood at their elements, where anything runs."""
        if self._spaces is not None and self._spaces.runs:
            self._rule = Rule.DRAWING
            for element in self._defaults:
                self._element(element)

    def _decoded(self, value: bytes) -> bytes:
        return addresses.decoded(unquoted(value), self._entities)

    def _element(self, element: Element) -> None:
        if element.name in NAMED:
            self._named(element)
        self._rel = self._value(element, b"rel") if element.name == b"link" else b""
        for attribute, value in element.attributes:
            if self._telling[attribute] or (b"(" in value and _STYLED.search(value)):
                self._attribute(element, attribute, unquoted(value))

    def _named(self, element: Element) -> None:
        name = element.name
        if name in SCRIPTS:
            self._note(Feature.SCRIPT, name)
        elif name in EMBEDDED:
            self._note(Feature.EMBEDDED, name)
        elif name == b"foreignobject" and not self._is_adobes(element):
            self._note(Feature.FOREIGN_OBJECT, name)
        elif name == b"meta" and self._value(element, b"http-equiv").strip().lower() == b"refresh":
            self._note(Feature.REFRESH, name)

    def _is_adobes(self, element: Element) -> bool:
        """Illustrator keeps its own data in one that nobody else can show."""
        return self._value(element, b"requiredextensions").strip().startswith(_ADOBE)

    def _value(self, element: Element, wanted: bytes) -> bytes:
        """The first attribute of this name; further ones are dropped by browsers."""
        value = next((value for name, value in element.attributes if name.lower() == wanted), b"")
        return self._decoded(value)

    def _attribute(self, element: Element, attribute: bytes, value: bytes) -> None:
        name = local(attribute)
        if attribute[:2].lower() == b"on" and HANDLER.fullmatch(attribute) and value.strip():
            self._note(Feature.HANDLER, attribute)
        elif name == b"attributename" and HANDLER.match(addresses.compact(value, self._entities)):
            self._note(Feature.HANDLER, value)
        elif name == b"srcdoc":
            self._note(Feature.EMBEDDED, name)
        elif name in ADDRESSES:
            for each in listed(name, value, self._entities, self._listed):
                self._address(element, name, each)
            if name in ANIMATED and b"(" in value:  # `url()` of a property that is set
                self._style(value, sheet=False)
        elif b"(" in value or (name == b"style" and _OF_STYLES.search(value)):
            self._style(value, sheet=False)

    def _address(self, element: Element, name: bytes, address: bytes) -> None:
        shown = element.name in PICTURES and addresses.is_drawing(address)
        if addresses.is_program(address) and not shown:
            self._note(Feature.ADDRESS, address)
            return
        if self._rule is Rule.DRAWING and element.name in PICTURES and addresses.holds_markup(address):
            self._picture(address)
        if not is_loaded(self._rule, element.name, name, self._rel):
            return
        if element.name == b"link" and (self._rule is Rule.DRAWING or _SHEET.search(self._rel)):
            self._sheet(address)
        if host := addresses.other_host(address):
            self._note(Feature.REFERENCE, element.name + b": " + host.encode())
        elif self._rule is Rule.DRAWING and element.name in _DRAWN and addresses.is_of_machine(address):
            self._note(Feature.REFERENCE, element.name + b": " + address)

    def _picture(self, address: bytes) -> None:
        """A drawing within: nothing runs in it, but converters read it."""
        self._references.spend(address.count(b"%"))
        text = with_ascii(addresses.held(address) or b"")
        if text is None or text.startswith(b"\x1f\x8b"):
            self._note(Feature.REFERENCE, b"a drawing within that cannot be read")
            return
        within = copy(self)  # with its budgets
        within.found = {}
        with self._reader.within():
            within.read(text, Form.SVG, self._reader)
        self.found = {each: sign for each, sign in within.found.items() if each in OF_PICTURES} | self.found

    def _sheet(self, address: bytes) -> None:
        """A style sheet that its address holds, as if it stood in the document."""
        self._styles.spend(address.count(b"%"))
        if (sheet := addresses.held(address)) is None:
            return
        if with_ascii(sheet) is None:
            self._note(Feature.REFERENCE, b"a style sheet that cannot be read")
        self._style(sheet.replace(b"\0", b""), sheet=True)  # in UTF-16, if the address says so

    def _style(self, text: bytes, *, sheet: bool) -> None:
        self._styles.spend(1 + sum(map(text.lower().count, css.WORDS)))
        forms = css.forms_of(text, self._entities)
        if css.holds_program(forms):
            self._note(Feature.ADDRESS, b"style")
        if (sheet and css.imports(forms)) or (self._rule is not Rule.PAGE and css.loads(forms)):
            self._note(Feature.REFERENCE, b"style")

    def _instruction(self, text: bytes) -> None:
        named = named_sheet(text)
        if named is None:
            return
        if not named.is_css:
            self._note(Feature.STYLESHEET, text)
        elif addresses.other_host(named.address):
            self._note(Feature.REFERENCE, text)
        else:
            self._sheet(named.address)

    def _document_type(self, declared: DocumentType) -> None:
        self._entities = declared.entities
        self._defaults += [Element(local(name), attributes) for name, attributes in declared.defaults]
        for element in self._defaults:
            self._refer(element)
            if self._spaces is not None:
                self._spaces.declare_for_all(element.attributes)
        if declared.risk:
            self._note(Feature.ENTITY, declared.risk.encode())
        elif is_elsewhere(declared.system):
            self._note(Feature.ENTITY, b"a document type elsewhere")
