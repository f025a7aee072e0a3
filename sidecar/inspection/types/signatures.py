"""Content types that the first bytes settle: asking libmagic, on a thread, would only cost time."""

import re
from typing import Final

_SETTLED: Final = re.compile(
    rb"(?!.{257}ustar)(?:(?P<png>\x89PNG\r\n\x1a\n\0\0\0\rIHDR)"
    rb"|(?P<jpeg>\xff\xd8\xff[\xc0\xc4\xdb\xe0-\xe2\xec-\xee\xfe])|(?P<gif>GIF8[79]a)|(?P<webp>RIFF.{4}WEBPVP8[ LX])"
    rb"|(?P<pdf>%PDF-(?:1\.[0-7]|2\.0)[\r\n]))",
    re.DOTALL,
)
"""Unmistakable and common; `tests/inspection/types/test_signatures.py` proves that libmagic says the same.

What has the sign of tar is an archive, whatever its first member's name looks like.
"""


def settled_type(head: bytes) -> str:
    """The content type that libmagic would give, empty where only libmagic can tell."""
    found = _SETTLED.match(head)
    if found is None:
        return ""
    return "application/pdf" if found.lastgroup == "pdf" else f"image/{found.lastgroup}"
