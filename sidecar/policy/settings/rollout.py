"""Settings of a roll-out: which clients are enforced first."""

from typing import Annotated, Literal

from sidecar.policy.settings.base import Settings
from sidecar.policy.values.kinds import at_least, at_most, characters, form
from sidecar.policy.values.words import Lowered

FieldOrNone = Annotated[
    str,
    form(
        r"^([A-Za-z0-9!#$%&'*+.^_`|~-]{1,64})?$",
        "the name of a header field or a cookie, such as X-Client-Id, at most 64 characters, or nothing",
    ),
]
"""RFC 9110, section 5.6.2."""
Percent = Annotated[float, at_least(0), at_most(100)]


class Rollout(Settings):
    """Which clients are in the share where `enforce_percent` is below 100."""

    by: Annotated[Literal["address", "header", "cookie"], Lowered] = "address"
    """What tells clients apart; one that has no such header or cookie is told by its address."""
    name: FieldOrNone = ""
    """Name of the header field or of the cookie."""
    salt: Annotated[str, characters(least=1, most=200)] = "upload-sidecar"
    """Another salt draws another share. Alike in all pods, or a client is refused by one and let in by the next."""
