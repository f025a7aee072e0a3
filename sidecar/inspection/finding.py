"""A Finding: what one check says about one upload."""

import codecs
from dataclasses import dataclass

from sidecar.inspection.reason import Reason


@dataclass(frozen=True, slots=True)
class Finding:
    """One Reason, met at one place.

    All texts are safe to print: what comes from the input went through `printable`.
    """

    reason: Reason
    actual: str = ""
    """What was seen."""
    expected: str = ""
    """What was expected here, where that is more exact than the Reason's own words."""
    part: str | None = None
    """Name of the form field, None where no part is concerned."""

    @property
    def expectation(self) -> str:
        """What would have been right here."""
        return self.expected or self.reason.expected


def printable(raw: bytes | str, limit: int = 80) -> str:
    """Input made safe for an answer, a log line or a page: ASCII without controls or quotes, at most `limit` long.

    Anything else is written as an escape, so a right-to-left override or a script tag shows as what it is.
    """
    text = raw if isinstance(raw, str) else raw.decode("utf-8", "backslashreplace")
    cut = _escaped(text[: limit + 1])[0].decode("ascii")
    safe = cut.translate(_ESCAPES)
    return safe if len(safe) <= limit else safe[: limit - 3] + "..."


_escaped = codecs.getencoder("unicode_escape")
"""Looked up at once: Python opens a file for a codec at its first use, and there may be no descriptor left by then."""
_ESCAPES = {ord(char): f"\\x{ord(char):02x}" for char in "<>&\"'`"}
