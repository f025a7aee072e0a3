"""Media ranges: the patterns of the allow-list of content types."""

import re
from typing import Annotated, Final

from pydantic import AfterValidator

_NAME: Final = r"[a-z0-9][a-z0-9!#$&^_.+-]{0,126}"  # restricted-name of RFC 6838, section 4.2
_RANGE: Final = re.compile(rf"\*/\*|{_NAME}/(?:\*|{_NAME})")
_MISNAMED: Final = {
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "image/x-png": "image/png",
    "image/svg": "image/svg+xml",
    "audio/mp3": "audio/mpeg",
    "application/x-pdf": "application/pdf",
    "application/x-zip-compressed": "application/zip",
    "application/jpg": "image/jpeg",
    "text/json": "application/json",
}
"""What clients declare but no content is ever recognised as: in an allow-list it would refuse everything."""


def parse_media_range(text: str) -> str:
    """A media range in lower case: `image/png`, `image/*` or `*/*` (RFC 9110, section 12.5.1, without parameters).

    Raises:
        ValueError: it is not one; the message says what one looks like.
    """
    lowered = text.strip().lower()
    if lowered in _MISNAMED:
        raise ValueError(f"expected the registered name {_MISNAMED[lowered]}: content is never recognised as {lowered}")
    if not _RANGE.fullmatch(lowered):
        raise ValueError("expected a content type such as image/png, image/* or */*, without parameters")
    return lowered


def narrower(one: str, other: str) -> str | None:
    """What both ranges let in, None where that is nothing."""
    (main, sub), (other_main, other_sub) = one.split("/"), other.split("/")
    if main == "*" or (main == other_main and sub == "*"):
        return other
    if other_main == "*" or (main == other_main and other_sub in {"*", sub}):
        return one
    return None


MediaRange = Annotated[str, AfterValidator(parse_media_range)]
