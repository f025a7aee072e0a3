"""What aiohttp's errors say about what it could not read: as Reasons, and in words."""

import re
from typing import Final

from aiohttp import http_exceptions

from sidecar.inspection.reason import Reason
from sidecar.proxy import reasons

_FIRST_OF_OURS: Final = 500
_TIMEOUT: Final = 408
_TOO_MANY: Final = "Too many headers received"
_SAID: Final = re.compile(r"(?:Bad status line:\n +)?([A-Z][A-Za-z' -]{2,79}):\n\n")
"""What the parser in C says begins with words of its own; the bytes that it was given stand behind them."""
_KNOWN: Final = {
    _TOO_MANY: "too many header fields",
    "Missing 'Host' header in request.": "no Host field",
    "Received HTTPS traffic on an HTTP port": "TLS, which is not spoken on this port",
}


class HeadTooLongError(http_exceptions.HttpProcessingError):
    """All of a head together is too long."""

    def __init__(self, most: int) -> None:
        super().__init__(code=431, message=f"a head of more than {most} bytes")


def line_limits(longest: int) -> tuple[int, int]:
    """Limits of the request line and of a field line: even and odd, so that an error tells which was passed."""
    return longest & ~1, longest | 1


def reason_of(status: int, error: BaseException | None) -> Reason:
    """Why there is no request, from aiohttp's status and error."""
    if status >= _FIRST_OF_OURS:
        return reasons.INTERNAL
    if status == _TIMEOUT:
        return reasons.HEAD_TOO_SLOW
    if isinstance(error, HeadTooLongError):
        return reasons.HEAD_TOO_LARGE
    if isinstance(error, http_exceptions.LineTooLong):
        is_field = isinstance(error.args[1], int) and error.args[1] % 2
        return reasons.HEAD_TOO_LARGE if is_field else reasons.TARGET_TOO_LONG
    return reasons.HEAD_TOO_LARGE if _TOO_MANY in str(error) else reasons.HEAD_MALFORMED


def words(error: BaseException | None, most_fields: int = 0) -> str:
    """What was seen, for the answer, without anything of the input; empty where there is nothing to say.

    Args:
        error: what aiohttp raised.
        most_fields: how many there may be, where no setting tells it.
    """
    if isinstance(error, http_exceptions.LineTooLong):
        return f"a line of more than {error.args[1]} bytes"
    if not isinstance(error, http_exceptions.HttpProcessingError):
        return ""
    if isinstance(error, HeadTooLongError):
        return error.message
    if most_fields and _TOO_MANY in error.message:
        return f"more than {most_fields} header fields"
    said = _SAID.match(error.message)
    return _KNOWN.get(error.message, "bytes that are not HTTP") if said is None else said[1]
