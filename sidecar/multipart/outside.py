"""The text before the first delimiter and after the close delimiter, which goes nowhere and must hold no part."""

import re
from typing import Final

from sidecar.multipart import grammar
from sidecar.multipart.rules import MalformedError
from sidecar.multipart.shown import shown

# What some lenient parser takes for the beginning of a part, whatever boundary it believes in.
_PART_LIKE: Final = re.compile(rb"(?:\A|[\r\n])--|content-disposition", re.IGNORECASE)
_BARE_LF_DELIMITER: Final = re.compile(rb"(?<!\r)\n--")
_BARE_CR_DELIMITER: Final = re.compile(rb"\r--")


def judge_preamble(text: bytes, boundary: bytes) -> None:
    """Refuse text before the first delimiter that holds anything like a delimiter or a part.

    Args:
        text: up to, not with, the CRLF of the first delimiter; all there is where no delimiter was found.
        boundary: the declared one.

    Raises:
        MalformedError: `bare_lf`, `bare_cr` or `preamble_delimiter`.
    """
    match = _part_like(text, boundary)
    if match < 0:
        return
    if _BARE_LF_DELIMITER.search(text):
        raise MalformedError(grammar.BARE_LF, "before the first delimiter")
    if _BARE_CR_DELIMITER.search(text):
        raise MalformedError(grammar.BARE_CR, "before the first delimiter")
    raise MalformedError(grammar.PREAMBLE_DELIMITER, shown(text[match:].lstrip(b"\r\n")))


def judge_epilogue(text: bytes, boundary: bytes) -> None:
    """Refuse text after the close delimiter's two hyphens that is more than a line break and harmless words.

    Any cut of the text, given again with more of it behind, leads to the same verdict.

    Raises:
        MalformedError: `bare_lf`, `bare_cr`, `delimiter_trailing` or `part_after_close`.
    """
    if text[:1] == b"\n":
        raise MalformedError(grammar.BARE_LF, "after the close delimiter")
    if text[:1] not in {b"", b"\r"}:
        raise MalformedError(grammar.DELIMITER_TRAILING, shown(text))
    if text[1:2] not in {b"", b"\n"}:
        raise MalformedError(grammar.BARE_CR, "after the close delimiter")
    match = _part_like(text, boundary)
    if match >= 0:
        raise MalformedError(grammar.PART_AFTER_CLOSE, shown(text[match:].lstrip(b"\r\n")))


def _part_like(text: bytes, boundary: bytes) -> int:
    """Where something like a part begins, -1 if nowhere; case is ignored, as some parsers ignore it."""
    match = _PART_LIKE.search(text)
    return match.start() if match else text.lower().find(b"--" + boundary.lower())
