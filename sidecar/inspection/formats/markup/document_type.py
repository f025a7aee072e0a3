"""The document type declaration of XML: what it points at, and which entities it declares."""

import re
from dataclasses import dataclass, field
from typing import Final

from sidecar.inspection.formats.bounds import Budget

_QUOTED: Final = rb"\"[^\"]*+\"|'[^']*+'"
_HEAD: Final = re.compile(
    rb"<!DOCTYPE\s++[^\s\[>\"']++\s*+(?:(PUBLIC)\s++(%b)(?:\s*+(%b))?+|(SYSTEM)\s++(%b))?+\s*+(\[?)" % ((_QUOTED,) * 3),
    re.IGNORECASE,
)
_DECLARATION: Final = re.compile(
    rb"\s++|<!--.*?-->|<\?.*?\?>|(%%[^;\s<>]{1,99};)|<!(ENTITY|ATTLIST|ELEMENT|NOTATION)\b((?:[^<>\"']|%b)*+)>"
    % _QUOTED,
    re.DOTALL,
)
_END: Final = re.compile(rb"\]?\s*+>")
_ENTITY: Final = re.compile(rb"\s++([^\s%%]++)\s++(%b)\s*+" % _QUOTED)
# Characters beyond ASCII by number are honest (nbsp); `<`, `&` and `%` can be written so as well.
_PLAIN: Final = re.compile(
    rb"(?:[^<&%]|&#(?:x0{0,4}(?:[1-9a-f][0-9a-f]{2,5}|[89a-f][0-9a-f])|0{0,4}[1-9][0-9]{2,6});)*+", re.IGNORECASE
)
_ELEMENT: Final = re.compile(rb"\s++([^\s<>\"']++)")
_DEFAULT: Final = re.compile(
    rb"([^\s<>\"']{1,99})\s++(?:[A-Z]{2,8}|(?:NOTATION\s++)?\([^()\"']*+\))\s++(?:#FIXED\s++)?(%b)" % _QUOTED
)
_RUNS: Final = re.compile(rb"on[a-z]{3,}|(?:[^:]+:)?href|src|style", re.IGNORECASE)
_MOST_EXPANDED: Final = 4 * 1024 * 1024
_SHORT: Final = 100
_LONG_ONES: Final = 50
_MOST_DECLARATIONS: Final = 100_000
"""Declarations, and attributes in them: two tenths of a second; 1.5 million took 2.5 seconds."""


@dataclass(slots=True)
class DocumentType:
    """One declaration.

    Attributes:
        system: the address of the external subset, if any.
        entities: values that hold nothing but text; cut where they would fill memory, which is a risk.
        risk: what else it declares, in words; empty for nothing.
        defaults: elements, each with attributes that it has without showing them, and their values with quotes.
        end: where it ends.
    """

    end: int
    system: bytes = b""
    entities: dict[bytes, bytes] = field(default_factory=dict)
    risk: str = ""
    defaults: list[tuple[bytes, list[tuple[bytes, bytes]]]] = field(default_factory=list)


def read_document_type(text: bytes, at: int) -> DocumentType:
    """Read the declaration that begins here; reading ends where it cannot be read, as parsers do.

    Raises:
        TooMuchError: there are more declarations than are read.
    """
    head = _HEAD.match(text, at)
    if head is None:
        return DocumentType(len(text), risk="a document type that cannot be read")
    found = DocumentType(head.end(), (head[3] or head[5] or b"")[1:-1])
    budget = Budget(_MOST_DECLARATIONS, "declarations")
    while head[6] and (declared := _DECLARATION.match(text, found.end)):
        found.end = declared.end()
        budget.spend(1)
        if declared[1]:
            found.risk = "a parameter entity"
        elif declared[2] == b"ENTITY":
            _entity(found, declared[3])
        elif declared[2] == b"ATTLIST":
            _defaults(found, declared[3], budget)
    ends = _END.match(text, found.end)
    if ends is None:
        return DocumentType(len(text), risk="a document type that cannot be read")
    found.end = ends.end()
    if _expands(found.entities, text):
        found.risk = "entities that grow"
        found.entities = {name: value[:_SHORT] for name, value in found.entities.items()}
    return found


def _entity(found: DocumentType, body: bytes) -> None:
    named = _ENTITY.fullmatch(body)
    if named is None:
        found.risk = "a parameter entity" if body.lstrip().startswith(b"%") else "an external entity"
    elif not _PLAIN.fullmatch(named[2], 1, len(named[2]) - 1):
        found.risk = "an entity that holds markup or other entities"
    else:
        found.entities.setdefault(named[1], named[2][1:-1])  # the first one counts (XML 1.0, 4.2)


def _defaults(found: DocumentType, body: bytes, budget: Budget) -> None:
    """Attributes that elements have without showing them."""
    element, attributes = _ELEMENT.match(body), []
    for declared in _DEFAULT.finditer(body):
        budget.spend(1)
        attributes.append((declared[1], declared[2]))
    if element is None or not attributes:
        return
    found.defaults.append((element[1], attributes))
    if any(_RUNS.fullmatch(name) for name, _ in attributes):
        found.risk = "an attribute by default"


def _expands(entities: dict[bytes, bytes], text: bytes) -> bool:
    """Whether long values are used so often that they fill memory: one level is enough for that."""
    long = [(name, value) for name, value in entities.items() if len(value) > _SHORT]
    if len(long) > _LONG_ONES:
        return True
    return sum(len(value) * text.count(b"&" + name + b";") for name, value in long) > _MOST_EXPANDED
