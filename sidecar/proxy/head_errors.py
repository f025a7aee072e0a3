"""What aiohttp's errors say about a request that it could not read, as Reasons."""

from typing import Final

from aiohttp import http_exceptions

from sidecar.inspection.reason import Reason
from sidecar.proxy import reasons

_FIRST_OF_OURS: Final = 500
_TIMEOUT: Final = 408


def line_limits(longest: int) -> tuple[int, int]:
    """Limits of the request line and of a field line: even and odd, so that an error tells which was passed."""
    return longest & ~1, longest | 1


def reason_of(status: int, error: BaseException | None) -> Reason:
    """Why there is no request, from aiohttp's status and error."""
    if status >= _FIRST_OF_OURS:
        return reasons.INTERNAL
    if status == _TIMEOUT:
        return reasons.HEAD_TOO_SLOW
    if isinstance(error, http_exceptions.LineTooLong):
        is_field = isinstance(error.args[1], int) and error.args[1] % 2
        return reasons.HEAD_TOO_LARGE if is_field else reasons.TARGET_TOO_LONG
    return reasons.HEAD_TOO_LARGE if "Too many headers" in str(error) else reasons.HEAD_MALFORMED
