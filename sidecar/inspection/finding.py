"""A Finding: what one check says about one upload."""

import codecs
from dataclasses import dataclass, replace

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
    """Name of the form field, None where no part is concerned; checks leave it out, as whoever asks them knows it."""
    forward: bool | None = None
    """Whether what was not examined may go on all the same; None where `not_examined` of the policy says so."""
    monitored: bool = False
    """Its check is told to count only: it refuses nothing."""
    within: bool = False
    """`actual` names a file within the uploaded one."""

    def refuses(self, *, forward_not_examined: bool) -> bool:
        """Whether the upload is refused for this.

        Args:
            forward_not_examined: what the policy says of findings that do not say it themselves.
        """
        forward = forward_not_examined if self.forward is None else self.forward
        return not self.monitored and not (self.reason.not_examined and forward)

    def at(self, name: bytes) -> "Finding":
        """The same about the part of this name, unless it is about the whole upload."""
        settled = self.part is not None or self.reason.of_upload
        return self if settled else replace(self, part=printable(name))

    @property
    def quotes_names(self) -> bool:
        """Whether what was seen may quote the name of a file."""
        return self.within or self.reason.quotes_names

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
