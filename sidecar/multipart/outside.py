"""The text before the first delimiter and after the close delimiter, which goes nowhere and must hold no part."""

import re
from typing import Final, NoReturn

from sidecar.multipart import grammar
from sidecar.multipart.rules import MalformedError, Rule
from sidecar.multipart.shown import shown

# What some lenient parser takes for the beginning of a part, whatever boundary it believes in.
_PART_LIKE: Final = re.compile(rb"(?:\A|[\r\n])--|content-disposition", re.IGNORECASE)
_BARE_LF_DELIMITER: Final = re.compile(rb"(?<!\r)\n--")
_BARE_CR_DELIMITER: Final = re.compile(rb"\r--")


def judge_preamble(text: bytes, boundary: bytes, *, empty_line: bool) -> set[str]:
    """Refuse text before the first delimiter that holds anything like a delimiter or a part.

    Args:
        text: up to the CRLF of the first delimiter, without it.
        boundary: the declared one.
        empty_line: whether that CRLF was sent.

    Returns:
        The notes that what is dropped leaves.

    Raises:
        MalformedError: `bare_lf`, `bare_cr` or `preamble_delimiter`.
    """
    found = _part_like(text, boundary)
    if found >= 0:
        _refuse_bare_delimiter(text)
        raise MalformedError(grammar.PREAMBLE_DELIMITER, shown(text[found:].lstrip(b"\r\n")))
    if text.strip(b"\r\n"):
        return {"preamble"}
    return {"leading_crlf"} if text or empty_line else set()


def refuse_undelimited(text: bytes, otherwise: Rule) -> NoReturn:
    """Refuse a body that has no delimiter where one must have been by now.

    Args:
        text: what there is of the body.
        otherwise: the rule for text that says nothing of the cause.

    Raises:
        MalformedError: `bare_lf`, `bare_cr`, `first_delimiter_missing` or the given one.
    """
    _refuse_bare_delimiter(text)
    line = text.lstrip(b"\r\n").partition(b"\r\n")[0]
    if line.startswith(b"--"):
        raise MalformedError(grammar.FIRST_DELIMITER_MISSING, f"the body begins with {shown(line)}")
    raise MalformedError(otherwise, shown(text) or "empty body")


def judge_epilogue(text: bytes, boundary: bytes) -> None:
    """Refuse text after the close delimiter's two hyphens that is more than a line break and harmless words.

    Raises:
        MalformedError: `bare_lf`, `bare_cr`, `delimiter_trailing` or `part_after_close`.
    """
    if text in {b"", b"\r\n"}:
        return
    if not text.startswith(b"\r\n"):
        raise MalformedError(delimiter_line_rule(text), shown(text))
    found = _part_like(text, boundary)
    if found >= 0:
        raise MalformedError(grammar.PART_AFTER_CLOSE, shown(text[found:].lstrip(b"\r\n")))


def delimiter_line_rule(text: bytes) -> Rule:
    """The rule that is broken by text right after a delimiter which is no CRLF."""
    match text[:1]:
        case b"\n":
            return grammar.BARE_LF
        case b"\r":
            return grammar.BARE_CR
        case _:
            return grammar.DELIMITER_TRAILING


def _refuse_bare_delimiter(text: bytes) -> None:
    if _BARE_LF_DELIMITER.search(text):
        raise MalformedError(grammar.BARE_LF, "before the first delimiter")
    if _BARE_CR_DELIMITER.search(text):
        raise MalformedError(grammar.BARE_CR, "before the first delimiter")


def _part_like(text: bytes, boundary: bytes) -> int:
    """Where something like a part begins, -1 if nowhere; case is ignored, as some parsers ignore it."""
    match = _PART_LIKE.search(text)
    return match.start() if match else text.lower().find(b"--" + boundary.lower())
