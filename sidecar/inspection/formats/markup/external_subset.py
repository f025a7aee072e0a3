"""Declarations in a file of their own, which a document type beside them takes in (XML 1.0, 2.8 and 4.2)."""

import re
from typing import Final

from sidecar.inspection.formats.bounds import Budget
from sidecar.inspection.formats.markup.addresses import decoded
from sidecar.inspection.formats.markup.dtd_hosts import is_elsewhere

_BEGINS: Final = re.compile(
    rb"(?:\s++|<\?xml[^>]*+>|<!--(?:[^-]|-(?!->))*+-->)*+(?:<!(?:ENTITY|ELEMENT|ATTLIST|NOTATION)\s|<!\[|<!--|%[^\s;%]{1,99};)"
)
"""A comment that does not end here may end further on."""
_QUOTED: Final = rb"(?:\"[^\"]*+\"|'[^']*+')"
_ENTITY: Final = re.compile(
    rb"<!ENTITY\s++(%%\s++)?+[^\s\"'<>]++\s++(SYSTEM\s*+|PUBLIC\s*+%b?+\s*+)?+(?:(%b)(\s*+NDATA)?+|(%%|\Z))"
    % (_QUOTED, _QUOTED)
)
"""Wherever it stands, in a comment too: what looks like the beginning of one to a search may be none to a parser."""
_NAMED: Final = re.compile(rb"&[^#\s;&]{1,99};")
_DEEPEST: Final = 4
_MOST_DECLARATIONS: Final = 100_000


def is_external_subset(text: bytes) -> bool:
    """Whether a file is made of declarations, by how it begins."""
    return _BEGINS.match(text) is not None


def risk_of(text: bytes) -> str:
    """What it declares that is more than a text or a neighbour, in words; empty for nothing.

    Parameter entities pass that name neighbours and known hosts: types of documents are made of such modules.

    Raises:
        TooMuchError: there are more declarations than are read.
    """
    return _risk(text, Budget(_MOST_DECLARATIONS, "declarations"), 0)


def _risk(text: bytes, budget: Budget, depth: int) -> str:
    for found in _ENTITY.finditer(text):
        budget.spend(1)
        if risk := _risk_of(found, budget, depth):
            return risk
    return ""


def _risk_of(found: re.Match[bytes], budget: Budget, depth: int) -> str:
    parameter, external, literal, unparsed, unread = found.groups()
    if unread is not None:
        return "an entity that cannot be read"
    value = literal[1:-1]
    if external is None:
        return _of_value(decoded(value, {}), budget, depth, general=not parameter)
    if unparsed is not None or (parameter and not is_elsewhere(value)):
        return ""
    return "an external entity"


def _of_value(value: bytes, budget: Budget, depth: int, *, general: bool) -> str:
    """Values declare further entities, with their references written as characters."""
    if general and len(_NAMED.findall(value)) > 1:
        return "an entity that holds other entities"
    if value.find(b"<!") < 0:
        return ""
    return _risk(value, budget, depth + 1) if depth < _DEEPEST else "an entity that cannot be read"
