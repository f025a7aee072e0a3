"""Who reads a refusal: a program, a script on a page of another origin, or a person who waits for a page."""

from typing import Final, NamedTuple

from sidecar.policy.settings.refusals import Refusals
from sidecar.proxy.http.fields import Fields
from sidecar.proxy.http.request_head import RequestHead

_READABLE: Final = (
    (b"Access-Control-Allow-Credentials", b"true"),
    (b"Access-Control-Expose-Headers", b"X-Request-ID, Retry-After"),
    (b"Vary", b"Origin"),
)


class Audience(NamedTuple):
    """How a refusal is written for whoever reads it."""

    wants_page: bool = False
    fields: Fields = ()
    """What lets a script of another origin read it (Fetch, section 3.3)."""


PROGRAM: Final = Audience()
"""Whoever understands `application/problem+json`; of whom nothing is known."""


def audience_of(head: RequestHead, settings: Refusals) -> Audience:
    """Who asks with this head, as far as the settings care."""
    if settings == _NOBODY:
        return PROGRAM
    return Audience(settings.pages == "on" and _navigates(head), _cross_origin(head, settings))


_NOBODY: Final = Refusals()


def _cross_origin(head: RequestHead, settings: Refusals) -> Fields:
    origins = head.values(b"origin")
    if len(origins) != 1 or origins[0].decode("latin-1") not in settings.origins:
        return ()
    return ((b"Access-Control-Allow-Origin", origins[0]), *_READABLE)


def _navigates(head: RequestHead) -> bool:
    """Browsers since 2023 say it (Fetch Metadata, section 2.2); before, what they would like to have best."""
    modes, accepted = head.values(b"sec-fetch-mode"), head.values(b"accept")
    return modes == [b"navigate"] if modes else bool(accepted) and accepted[0].startswith(b"text/html")
