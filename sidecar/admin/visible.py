"""Names as somebody sent them, made safe to look at: nothing invisible, nothing that turns the direction of writing."""

import unicodedata
from typing import Final

from sidecar.admin.markup import Html, element

LONGEST: Final = 64
"""Characters of a name that are shown."""
_MARKS: Final = 2
"""Marks on one letter that are shown as such; a heap of them covers the lines around it."""


def visible(text: str, limit: int = LONGEST) -> Html:
    """The text in an element of its own direction; each control, format character or stray mark as its code point."""
    pieces: list[str | Html] = []
    marks = 0
    for char in text[:limit]:
        marks = marks + 1 if unicodedata.combining(char) else 0
        plain = char.isprintable() and marks <= _MARKS
        pieces.append(char if plain else element("b", f"U+{ord(char):04X}", class_="code-point"))
    if len(text) > limit:
        pieces.append(element("b", "cut", class_="code-point"))
    return element("bdi", *pieces, class_="name")
