"""Which addresses are asked by showing a page or a drawing, and which only when somebody does something."""

import re
from collections.abc import Iterable
from typing import Final

from sidecar.inspection.formats.bounds import Budget
from sidecar.inspection.formats.markup import addresses
from sidecar.inspection.formats.markup.active_namespaces import Rule
from sidecar.inspection.formats.markup.addresses import Entities

_CLICKED: Final = frozenset({b"action", b"formaction", b"cite", b"longdesc", b"ping"})
_SETS: Final = frozenset({b"srcset", b"imagesrcset"})
_VALUES: Final = b"values"
_OF_PAGES: Final = frozenset({b"base", b"use", b"feimage"})
_LOADS: Final = re.compile(rb"stylesheet|import|preload|prefetch|manifest", re.IGNORECASE)
_TELLS: Final = re.compile(rb"[:&\\]|//")
"""One of these stands in each address that tells anything."""


def listed(name: bytes, value: bytes, entities: Entities, budget: Budget) -> Iterable[bytes]:
    """The addresses in an attribute, compact: one, a set of pictures, or the steps of an animation.

    Raises:
        TooMuchError: there are more in lists than the budget has left.
    """
    if name in _SETS:
        budget.spend(value.count(b","))
        return addresses.candidates(value, entities)
    if name != _VALUES or not _TELLS.search(value):  # numbers and colours
        return (addresses.compact(value, entities),)
    budget.spend(value.count(b";"))
    return (addresses.compact(step, entities) for step in value.split(b";"))


def is_loaded(rule: Rule | None, element: bytes, name: bytes, rel: bytes) -> bool:
    """Whether an address is asked for what is loaded from it.

    In SVG that is whatever is no link; in pages what changes others, since pictures from elsewhere are all over them.
    """
    if rule is Rule.PAGE:
        return name == b"href" and (element in _OF_PAGES or (element == b"link" and _LOADS.search(rel) is not None))
    return element != b"a" and name not in _CLICKED
