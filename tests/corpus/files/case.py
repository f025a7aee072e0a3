"""One file of the corpus: how its bytes are made, and what must be said of it."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileCase:
    """A dangerous or an honest file; its bytes are made when they are asked for."""

    name: str
    """Its file name, unique in its family."""
    data: Callable[[], bytes]
    reasons: frozenset[str]
    """Codes one of which must be found; empty for an honest file, of which nothing may be found."""
    policy: str = "any"
    """Name of the policy that judges it."""
