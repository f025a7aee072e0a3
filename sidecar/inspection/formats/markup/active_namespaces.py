"""Which elements of XML browsers run: those in the namespaces of HTML, SVG and MathML (Namespaces in XML 1.0)."""

import re
from collections.abc import Callable
from enum import Enum
from typing import Final

from sidecar.inspection.formats.markup.elements import Attributes, Element


class Rule(Enum):
    """What an element is judged as."""

    PAGE = "page"
    DRAWING = "drawing"


_RUNNING: Final = {
    b"http://www.w3.org/1999/xhtml": Rule.PAGE,
    b"http://www.w3.org/1998/Math/MathML": Rule.PAGE,
    b"http://www.w3.org/2000/svg": Rule.DRAWING,
}
_INCLUDES: Final = (b"http://www.w3.org/2001/XInclude", b"http://www.w3.org/2003/XInclude")
_XMLNS: Final = b"xmlns"
_WORDS: Final = (*_RUNNING, *_INCLUDES, b"xml-stylesheet")
_DOCUMENT_TYPE: Final = re.compile(rb"<!(?i:doctype)")
_REFERRING: Final = re.compile(rb"xmlns(?![^\s/>=&]{0,100}+\s{0,20}+=\s{0,20}+(?:\"[^\"&]{0,300}+\"|'[^'&]{0,300}+'))")
"""A namespace that is not plainly there: with references in it, say. Ends at the first one, so it is linear."""
_Scope = tuple[int, bytes, Rule | None]


def is_mere_data(text: bytes) -> bool:
    """Whether XML holds no word without which nothing in it does anything: nearly all that is no page or drawing."""
    return not (any(text.find(word) >= 0 for word in _WORDS) or _may_declare_otherwise(text))


def may_include(text: bytes) -> bool:
    """Whether XML may declare XInclude: most drawings do not, and need not be asked at every element."""
    return any(text.find(word) >= 0 for word in _INCLUDES) or _may_declare_otherwise(text)


def _may_declare_otherwise(text: bytes) -> bool:
    """Whether a document type, or references, may declare what stands nowhere in full."""
    return bool(_DOCUMENT_TYPE.search(text)) or (text.find(b"&") >= 0 and _REFERRING.search(text) is not None)


class Namespaces:
    """What the prefixes of one document stand for, while it is read.

    Attributes:
        runs: whether browsers run any of it, as far as it was read.
        includes: whether XInclude is declared (CVE-2023-38633).
    """

    def __init__(self, decoded: Callable[[bytes], bytes], of_all: Rule | None = None) -> None:
        """Nothing is declared yet.

        Args:
            decoded: an attribute's value without quotes and references.
            of_all: what every element is judged as, whatever is declared.
        """
        self._decoded, self._of_all = decoded, of_all
        self.runs, self.includes = of_all is not None, False
        self._rules: dict[bytes, Rule | None] = {}
        self._scopes: list[_Scope] = []
        self._default: Rule | None = None

    def declare_for_all(self, attributes: Attributes) -> None:
        """What the document type gives to elements: nobody sees a namespace at them, so any may be one that runs."""
        for name, value in attributes:
            if name[:5] == _XMLNS:
                self._named(value)
                self._default, self.runs = Rule.DRAWING, True

    def rule(self, element: Element) -> Rule | None:
        """What an element is judged as, the declarations at it included; None if browsers do not run it."""
        while self._scopes and self._scopes[-1][0] >= element.least:
            _, prefix, before = self._scopes.pop()
            self._rules[prefix] = before
        self._declare(element.attributes, element.depth)
        return self._of_all or self._rules.get(element.prefix) or self._default

    def _declare(self, attributes: Attributes, depth: int) -> None:
        declared = [(name, self._named(value)) for name, value in attributes if name[:5] == _XMLNS]
        for name, rule in sorted(declared, key=lambda each: each[1] is not None):  # of two for one prefix, what runs
            if name == _XMLNS or name[5:6] == b":":
                prefix = name[6:]
                self._scopes.append((depth, prefix, self._rules.get(prefix)))
                self._rules[prefix] = rule

    def _named(self, value: bytes) -> Rule | None:
        name = self._decoded(value).strip()
        self.includes = self.includes or name in _INCLUDES
        rule = _RUNNING.get(name)
        self.runs = self.runs or rule is not None
        return rule
