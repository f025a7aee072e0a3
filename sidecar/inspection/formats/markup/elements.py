"""Elements, style sheets and instructions of HTML and of XML, read as browsers read them, in linear time.

Nothing is built and no entity is expanded. Where browsers and parsers part ways, the reading that shows more counts.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, NamedTuple

from sidecar.inspection.formats.bounds import Budget, TooMuchError
from sidecar.inspection.formats.markup import quiet
from sidecar.inspection.formats.markup.document_type import DocumentType, read_document_type

MOST: Final = 1_000_000
"""Elements that are looked at, and attributes in them."""
MOST_ELEMENTS: Final = 300_000
"""Of those: three microseconds each. Most tags of most drawings tell nothing, and are not looked at."""
_ELEMENTS: Final = "elements and attributes"
_DEEPEST: Final = 3
_PER_DOCUMENT: Final = 20
"""Elements that a document within one takes as long as."""
_MOST_OTHERS: Final = 600_000
"""End tags, comments and instructions, which take a microsecond each."""
_WS: Final = rb"\t\n\f\r "  # HTML, 12.1.2.3; \v is none, and taken for one it would hide a quote
_PAIR: Final = (
    rb"[%(ws)b/]*+%(in)b[^%(ws)b/>][^%(ws)b/>=]*+)"
    rb"(?:[%(ws)b]*+=[%(ws)b]*+%(in)b\"[^\"]*+\"|'[^']*+'|(?:[^%(ws)b>\"'][^%(ws)b>]*+)?))?+"
)
_ATTRIBUTE: Final = re.compile(_PAIR % {b"ws": _WS, b"in": b"("})
_REST: Final = rb"((?:%b){0,64}+)([%b/]*+>)?+" % (_PAIR % {b"ws": _WS, b"in": b"(?:"}, _WS)
_MORE: Final = re.compile(_REST)
"""What stands in a tag behind its name, and `>` if it ends there; a tag of more attributes takes several steps."""
_IN_HTML: Final = re.compile(
    rb"(?:[^<]++|<(?![a-zA-Z!?/]))*+(?:<(?:(!--|[!?]|/(?![a-zA-Z]))|(/?)([^%b/>]++)%b))?+" % (_WS, _REST)
)
"""Text, and what begins behind it: all of a common tag."""
_COMMENT_ENDS: Final = re.compile(rb"--!?>")  # `<!-->` and `<!--->` are whole comments: search from the first hyphen
_SPECIAL: Final = rb"!(?:--|(?i:\[CDATA\[|DOCTYPE))"
_IN_XML: Final = re.compile(
    rb"((?:[^<]++|</[^<>]*+>|<(?!%b|[^%b<>=!&]))*+)(?:<(?:(%b|[?/])|([^%b/>]++)%b))?+"
    % (_SPECIAL, _WS, _SPECIAL, _WS, _REST)
)
"""Text and end tags, and what begins behind them: all of a common tag."""
_STYLE_ENDS: Final = re.compile(rb"</(?:[\w.-]{1,30}:)?style", re.IGNORECASE)
_RAW: Final = {
    name: re.compile(rb"</%b(?=[%b/>])" % (name, _WS), re.IGNORECASE)
    for name in (b"title", b"textarea", b"style", b"xmp", b"iframe", b"noembed", b"noframes", b"noscript", b"script")
}
"""Elements whose content HTML takes for text, so that a comment or a quote that begins in it ends with it."""


Attributes = list[tuple[bytes, bytes]]


class Element(NamedTuple):
    """A start tag; its name without a prefix and in lower case, its attributes as written, with their quotes."""

    name: bytes
    attributes: Attributes
    prefix: bytes = b""
    """As written; told of XML."""
    depth: int = 0
    """How many elements it stands in; told of XML whose depth is asked for, and right where that is well-formed."""
    least: int = 0
    """The least depth since the element before it."""


@dataclass(frozen=True, slots=True)
class Style:
    """What stands in a style element."""

    text: bytes


@dataclass(frozen=True, slots=True)
class Instruction:
    """A processing instruction of XML."""

    text: bytes


Token = Element | Style | Instruction | DocumentType


def unquoted(value: bytes) -> bytes:
    """What an attribute is set to."""
    return value[1:-1] if value[:1] in {b'"', b"'"} else value


def local(name: bytes) -> bytes:
    """A name without its prefix, in lower case."""
    return name[name.rfind(b":") + 1 :].lower() if b":" in name else name.lower()


class Reader:
    """Reads documents until there are too many elements and attributes in all of them."""

    def __init__(self, most: int = MOST) -> None:
        self._left = most
        self._elements = Budget(MOST_ELEMENTS, _ELEMENTS)
        self._quiet = Budget(quiet.MOST, _ELEMENTS)
        self._depth = Budget(_DEEPEST, "documents in each other")
        self._others = Budget(_MOST_OTHERS, "end tags, comments and instructions")

    @contextmanager
    def within(self) -> Iterator[None]:
        """While a document is read that stands in another.

        Raises:
            TooMuchError: there are too many, or they are too deep.
        """
        self._elements.spend(_PER_DOCUMENT)
        self._depth.spend(1)
        try:
            yield
        finally:
            self._depth.allow(1)

    def html(self, text: bytes, *, raw: bool = True) -> Iterator[Token]:
        """Every tag, in what HTML takes for text as well: within SVG the same names are no such elements."""
        at = 0
        while found := _IN_HTML.match(text, quiet.run_from(text, at, self._quiet)):
            opener, ending, name, pairs, closed = found.groups()
            at = found.end()
            if name is not None:
                if ending:
                    self._others.spend(1)
                attributes, at = self._tag(text, at, pairs, closed)
                if attributes is not None and not ending:
                    element = Element(local(name), attributes)
                    yield element
                    if raw and element.name in _RAW:
                        ends = _RAW[element.name].search(text, at)
                        content = text[at : ends.start() if ends else len(text)]
                        yield from self._content(element.name, content)
                        at += len(content)
            elif opener == b"!--":
                self._others.spend(1)
                ends = _COMMENT_ENDS.search(text, found.start(1) + 1)
                at = ends.end() if ends else len(text)
            elif opener is not None:
                self._others.spend(1)
                at = (text.find(b">", found.start(1)) + 1) or len(text)
            else:
                return

    def _content(self, name: bytes, content: bytes) -> Iterator[Token]:
        """What stands in an element whose content is text to HTML."""
        if name == b"style":
            yield Style(content)
        yield from self.html(content, raw=False)

    def xml(self, text: bytes, *, deep: bool = True) -> Iterator[Token]:
        """Every tag that may tell something, instruction and document type, up to where a parser must stop.

        Args:
            text: the document.
            deep: whether its depth is told of each element.
        """
        at = styled = depth = least = 0
        while found := _IN_XML.match(text, begun := quiet.run_from(text, at, self._quiet)):
            if deep and begun > at:
                depth, lower = quiet.depths(text[at:begun], depth)
                least = min(least, lower)
            passed, opener, name, pairs, closed = found.groups()
            if passed and (ended := passed.count(b"</")):
                self._others.spend(ended)
                depth -= ended
                least = min(least, depth)
            at = found.end()
            if name is not None:
                attributes, at = self._tag(text, at, pairs, closed)
                if attributes is None:
                    return
                colon = name.rfind(b":")
                element = Element(name[colon + 1 :].lower(), attributes, name[: max(0, colon)], depth, least)
                yield element
                depth += text[at - 2 : at] != b"/>"
                least = depth
                if element.name == b"style" and at > styled:
                    ends = _STYLE_ENDS.search(text, at)
                    styled = ends.start() if ends else len(text)
                    yield Style(text[at:styled])
            elif opener is None:
                return
            elif end := _UNTIL.get(opener.upper()):
                self._others.spend(1)
                begun, at = at, _behind(text, end, at)
                if opener == b"?":
                    yield Instruction(text[begun:at])
            else:
                declared = read_document_type(text, found.start(2) - 1)
                yield declared
                at = declared.end

    def _tag(self, text: bytes, at: int, pairs: bytes, closed: bytes | None) -> tuple[Attributes | None, int]:
        """The attributes of a tag that was read up to here, and where it ends; None if it does not."""
        self._elements.spend(1)
        attributes = _ATTRIBUTE.findall(pairs) if pairs else []
        while pairs and not closed and (more := _MORE.match(text, at)):
            pairs, closed = more.groups()
            attributes += _ATTRIBUTE.findall(pairs)
            at = more.end()
            if len(attributes) > self._left:
                raise TooMuchError(_ELEMENTS)
        self._left -= len(attributes) + 1
        if self._left < 0:
            raise TooMuchError(_ELEMENTS)
        return (attributes, at) if closed else (None, len(text))


_UNTIL: Final = {b"!--": b"-->", b"![CDATA[": b"]]>", b"?": b"?>", b"/": b">"}


def _behind(text: bytes, end: bytes, at: int) -> int:
    found = text.find(end, at)
    return len(text) if found < 0 else found + len(end)
