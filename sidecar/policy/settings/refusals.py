"""Settings of refusals: who may read them, and as what."""

import re
from typing import Annotated, Final, Literal

from sidecar.policy.settings.base import Settings
from sidecar.policy.values.kinds import Mark, entries, expected
from sidecar.policy.values.words import Switch

_ORIGIN: Final = re.compile(r"https?://(?:[a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?")
_MOST_ORIGINS: Final = 100


def parse_origin(text: str) -> str:
    """An origin as browsers write it (RFC 6454, section 6.2): no path, and no port that is the scheme's own.

    Raises:
        ValueError: it is none; the message says what one looks like.
    """
    origin = text.strip().lower()
    if not _ORIGIN.fullmatch(origin):
        raise expected("an origin such as https://app.example.org: scheme, host and perhaps a port; no path, no *")
    scheme, _, rest = origin.partition("://")
    return f"{scheme}://{rest.removesuffix({'http': ':80', 'https': ':443'}[scheme])}"


Origin = Annotated[str, Mark(after=parse_origin, schema={"pattern": "^[Hh][Tt][Tt][Pp][Ss]?://[^/*]+$"})]


class Refusals(Settings):
    """How clients are told that the sidecar refuses a request; the answers of the service stay as they are."""

    origins: Annotated[tuple[Origin, ...], entries(_MOST_ORIGINS)] = ()
    """Origins of web pages whose scripts may read refusals (CORS), where they are not the service's own. Others see a
    network error in place of a refusal."""
    pages: Annotated[Literal["off", "on"], Switch] = "off"
    """Whether browsers that show the answer to people, as behind a form without script, get a page instead of JSON."""
