"""Content types that the first bytes settle: asking libmagic, on a thread, would only cost time."""

import re
from typing import Final

_SETTLED: Final = (
    (re.compile(rb"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), "image/png"),
    (re.compile(rb"\xff\xd8\xff[\xc0\xc4\xdb\xe0-\xe2\xec-\xee\xfe]"), "image/jpeg"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb"RIFF.{4}WEBPVP8[ LX]", re.DOTALL), "image/webp"),
)
"""Binary, unmistakable and common; `tests/inspection/test_signatures.py` proves that libmagic says the same."""
_TAR_AT: Final = 257
_TAR: Final = b"ustar"
"""An archive, whatever its first member's name looks like."""


def settled_type(head: bytes) -> str:
    """The content type that libmagic would give, empty where only libmagic can tell."""
    if head[_TAR_AT : _TAR_AT + len(_TAR)] == _TAR:
        return ""
    return next((content_type for signature, content_type in _SETTLED if signature.match(head)), "")
