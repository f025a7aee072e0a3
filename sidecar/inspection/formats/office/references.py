"""Text of pages with its references resolved, which Python refuses where one has thousands of digits."""

import re
from html import unescape
from typing import Final

_LONG: Final = re.compile("&#([0-9]{8,}+)")
_DIGITS: Final = 8
"""So many are of no character."""


def resolved(text: str) -> str:
    """The text; a reference to no character is one to U+FFFD."""
    return unescape(_LONG.sub(lambda found: "&#0" + found[1].lstrip("0")[:_DIGITS], text))
