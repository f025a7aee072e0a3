"""Settings of a roll-out: which clients are enforced first."""

from typing import Annotated, Final, Literal

from pydantic import Field

from sidecar.policy.settings import Settings
from sidecar.policy.words import Lowered

FIELD_OR_NONE: Final = r"^([A-Za-z0-9!#$%&'*+.^_`|~-]{1,64})?$"
"""RFC 9110, section 5.6.2."""
Percent = Annotated[float, Field(ge=0, le=100)]


class Rollout(Settings):
    """Which clients are in the share where `enforce_percent` is below 100."""

    by: Annotated[Literal["address", "header", "cookie"], Lowered] = "address"
    """What tells clients apart; one that has no such header or cookie is told by its address."""
    name: Annotated[str, Field(pattern=FIELD_OR_NONE)] = ""
    """Name of the header field or of the cookie."""
    salt: Annotated[str, Field(min_length=1, max_length=200)] = "upload-sidecar"
    """Another salt draws another share. Alike in all pods, or a client is refused by one and let in by the next."""
