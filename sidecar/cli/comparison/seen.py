"""What a source of figures saw over a window."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sidecar.cli.comparison.series import Series
from sidecar.policy.loading.problem import shown

Progress = Callable[[float, str], None]
"""Told the share that is done, and a word on it."""


class SourceError(Exception):
    """There are no figures; the message says why and what was expected."""


def words(error: Exception) -> str:
    """What went wrong, without the wrapping of a library and the number of the system."""
    cause = getattr(error, "reason", error)
    return shown(getattr(cause, "strerror", None) or str(cause) or type(error).__name__, 200)


@dataclass(frozen=True, slots=True)
class Seen:
    """Growth of every series over some seconds, and who was seen."""

    source: str
    seconds: float
    series: Series
    versions: list[str]
    configurations: list[str]
    """SHA-256 of each that was in force."""
    modes: list[str]
    config: dict[str, Any] | None = field(default=None)
    """The one in force at the end, where the source tells it."""
