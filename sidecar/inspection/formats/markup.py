"""Elements, style sheets and instructions of HTML and of XML, read as browsers read them, in linear time.

Nothing is built and no entity is expanded. Where browsers and parsers part ways, the reading that shows more counts.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sidecar.inspection.formats.bounds import Budget, TooMuchError
from sidecar.inspection.formats.document_type import DocumentType, read_document_type

MOST: Final = 300_000
"""Elements and attributes: under a second of computing."""
_ELEMENTS: Final = "elements and attributes"
_MOST_OTHERS: Final = 600_000
"""End tags, comments and instructions, which take a microsecond each."""
_WS: Final = rb"\t\n\f\r "  # HTML, 12.1.2.3; \v is none, and taken for one it would hide a quote
_NAME: Final = re.compile(rb"[^%b/>]++" % _WS)
_ATTRIBUTE: Final = re.compile(
    rb"[%b/]*+([^%b/>][^%b/>=]*+)(?:[%b]*+=[%b]*+(?:\"([^\"]*+)\"|'([^']*+)'|([^%b>\"'][^%b>]*+)?))?+" % ((_WS,) * 7)
)
_CLOSE: Final = re.compile(rb"[%b/]*+>" % _WS)
_IN_HTML: Final = re.compile(rb"<(?:[a-z]|/[a-z]|!--|[!?/])", re.IGNORECASE)
_COMMENT_ENDS: Final = re.compile(rb"--!?>")  # `<!-->` and `<!--->` are whole comments: search from the first hyphen
_IN_XML: Final = re.compile(rb"<(?:!--|!\[CDATA\[|!DOCTYPE|[?/]|[^%b<>=!?/&])" % _WS, re.IGNORECASE)
_STYLE_ENDS: Final = re.compile(rb"</(?:[\w.-]{1,30}:)?style", re.IGNORECASE)
_RAW: Final = {
    name: re.compile(rb"</%b(?=[%b/>])" % (name, _WS), re.IGNORECASE)
    for name in (b"title", b"textarea", b"style", b"xmp", b"iframe", b"noembed", b"noframes", b"noscript", b"script")
}
"""Elements whose content HTML takes for text, so that a comment or a quote that begins in it ends with it."""


@dataclass(frozen=True, slots=True)
class Element:
    """A start tag; its name without a prefix and in lower case, its attributes as written."""

    name: bytes
    attributes: list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Style:
    """What stands in a style element."""

    text: bytes


@dataclass(frozen=True, slots=True)
class Instruction:
    """A processing instruction of XML."""

    text: bytes


Token = Element | Style | Instruction | DocumentType


def local(name: bytes) -> bytes:
    """A name without its prefix, in lower case."""
    return name[name.rfind(b":") + 1 :].lower()


class Reader:
    """Reads documents until there are too many elements and attributes in all of them."""

    def __init__(self, most: int = MOST) -> None:
        self._left = most
        self._others = Budget(_MOST_OTHERS, "end tags, comments and instructions")

    def html(self, text: bytes, *, raw: bool = True) -> Iterator[Token]:
        """Every tag, in what HTML takes for text as well: within SVG the same names are no such elements."""
        at = 0
        while found := _IN_HTML.search(text, at):
            start, opener = found.start(), found.group()
            self._others.spend(0 if opener[1:].isalpha() else 1)
            if opener == b"<!--":
                ends = _COMMENT_ENDS.search(text, start + 2)
                at = ends.end() if ends else len(text)
            elif not opener[-1:].isalpha():
                at = (text.find(b">", start) + 1) or len(text)
            else:
                element, at = self._tag(text, found.end() - 1)
                if opener[1:2] != b"/" and element is not None:
                    yield element
                    if raw and element.name in _RAW:
                        ends = _RAW[element.name].search(text, at)
                        content = text[at : ends.start() if ends else len(text)]
                        yield from (Style(content),) if element.name == b"style" else ()
                        yield from self.html(content, raw=False)
                        at += len(content)

    def xml(self, text: bytes) -> Iterator[Token]:
        """Every tag, instruction and document type, up to where a parser must stop."""
        at = styled = 0
        while found := _IN_XML.search(text, at):
            start, opener = found.start(), found.group().upper()
            if opener == b"<!DOCTYPE":
                declared = read_document_type(text, start)
                yield declared
                at = declared.end
            elif opener in _UNTIL:
                self._others.spend(1)
                at = _behind(text, _UNTIL[opener], found.end())
                if opener == b"<?":
                    yield Instruction(text[found.end() : at])
            else:
                element, at = self._tag(text, found.end() - 1)
                if element is None:
                    return
                yield element
                if element.name == b"style" and at > styled:
                    ends = _STYLE_ENDS.search(text, at)
                    styled = ends.start() if ends else len(text)
                    yield Style(text[at:styled])

    def _tag(self, text: bytes, at: int) -> tuple[Element | None, int]:
        """The tag whose name begins here, and where it ends; None if it does not."""
        named = _NAME.match(text, at)
        if named is None:
            return None, len(text)
        attributes: list[tuple[bytes, bytes]] = []
        at = named.end()
        while found := _ATTRIBUTE.match(text, at):
            attributes.append((found[1], found[2] or found[3] or found[4] or b""))
            at = found.end()
            if len(attributes) > self._left:
                raise TooMuchError(_ELEMENTS)
        self._spend(len(attributes) + 1)
        closed = _CLOSE.match(text, at)
        return (None, len(text)) if closed is None else (Element(local(named[0]), attributes), closed.end())

    def _spend(self, count: int) -> None:
        self._left -= count
        if self._left < 0:
            raise TooMuchError(_ELEMENTS)


_UNTIL: Final = {b"<!--": b"-->", b"<![CDATA[": b"]]>", b"<?": b"?>", b"</": b">"}


def _behind(text: bytes, end: bytes, at: int) -> int:
    found = text.find(end, at)
    return len(text) if found < 0 else found + len(end)
