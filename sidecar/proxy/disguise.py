"""Whether a body that is not called a form looks like one: some service might read it so."""

from typing import Final

LOOK: Final = 4
"""Bytes that are enough to tell."""
_DASHES: Final = b"--"


def looks_like_a_form(start: bytes) -> bool:
    """Whether a body begins as multipart does, perhaps after an empty line (RFC 2046, section 5.1.1)."""
    return start.lstrip(b"\r\n").startswith(_DASHES)
