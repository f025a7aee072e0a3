"""Text that begins only beyond the first window, behind more white space, comments and instructions than fit there."""

import re
from typing import Final

from sidecar.inspection.file import File
from sidecar.inspection.formats.anatomy import Data
from sidecar.inspection.types.content import HEAD_SIZE, as_text, behind_prolog, content_of

_FIRST: Final = re.compile(rb"[\s<]|\xef\xbb\xbf|\xff\xfe|\xfe\xff|\0<")
BEGINS: Final = b" \t\n\v\f\r<\xef\xff\xfe\0"
"""Each byte that such text can begin with."""
_OPEN: Final = (b"<!--", b"<?", b"<!d", b"<!D")
_MOST: Final = 16 * 1024 * 1024
"""Bytes of UTF-16 that are read as text; browsers read on, but nobody writes such a comment by accident."""


def begins_late(head: bytes) -> bool:
    """Whether the first window does not show the first word."""
    if len(head) < HEAD_SIZE or not _FIRST.match(head) or (text := as_text(head)) is None:
        return False
    rest = text[behind_prolog(text) :]
    return any(rest.startswith(opener) or opener.startswith(rest) for opener in _OPEN)


def late_start(file: File, data: Data) -> File | None:
    """The file as if it began with its first word; None where that word runs nothing."""
    text = as_text(data[:_MOST]) if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else data
    if text is None:
        return None
    start = behind_prolog(text)
    head = text[start : start + HEAD_SIZE]
    if content_of(file.content_type, head).opener is None:
        return None
    return File(file.part, head, file.content_type, file.size, file.sha256)
