"""Media ranges: the patterns of the allow-list of content types."""

import re
from typing import Annotated, Final

from sidecar.policy.values.kinds import after

_NAME: Final = r"[a-z0-9][a-z0-9!#$&^_.+-]{0,126}"  # restricted-name of RFC 6838, section 4.2
_RANGE: Final = re.compile(rf"\*/\*|{_NAME}/(?:\*|{_NAME})")


def parse_media_range(text: str) -> str:
    """A media range in lower case: `image/png`, `image/*` or `*/*` (RFC 9110, section 12.5.1, without parameters).

    Raises:
        ValueError: it is not one; the message says what one looks like.
    """
    lowered = text.strip().lower()
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


MediaRange = Annotated[str, after(parse_media_range)]
