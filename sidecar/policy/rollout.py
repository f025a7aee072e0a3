"""Settings of a roll-out: which clients are enforced first, and what is kept to judge another policy by."""

from typing import Annotated, Literal

from pydantic import Field

from sidecar.policy.settings import FileOrNone, MiB, Settings
from sidecar.policy.units import Size
from sidecar.policy.words import Lowered, Switch

Percent = Annotated[float, Field(ge=0, le=100)]


class Rollout(Settings):
    """Which clients are in the share where `enforce_percent` is below 100."""

    by: Annotated[Literal["address", "header", "cookie"], Lowered] = "address"
    """What tells clients apart; one that has no such header or cookie is told by its address."""
    name: Annotated[str, Field(pattern=r"^([A-Za-z0-9!#$%&'*+.^_`|~-]{1,64})?$")] = ""
    """Name of the header field or of the cookie."""
    salt: Annotated[str, Field(min_length=1, max_length=200)] = "upload-sidecar"
    """Another salt draws another share. Alike in all pods, or a client is refused by one and let in by the next."""


class Audit(Settings):
    """One line for every upload, with what is needed to judge another policy later."""

    file: FileOrNone = ""
    """Where the lines go, one JSON object each; empty: nowhere."""
    max_size: Size = 64 * MiB
    """Size at which a file is renamed to FILE.1 and a new one begun."""
    keep: Annotated[int, Field(ge=0, le=1000)] = 10
    """Renamed files that are kept; the oldest goes first."""
    queue: Annotated[int, Field(ge=1, le=1_000_000)] = 10_000
    """Lines that wait for a disk that stalls; those beyond are dropped and counted."""
    names: Annotated[Literal["off", "hash", "plain"], Switch] = "hash"
    """File names: left out, as a keyed digest, or as they are. Their suffixes and shape are told in any case."""
    key_file: FileOrNone = ""
    """File with the key (16 to 4096 bytes) of those digests; empty: a new one at every start."""
