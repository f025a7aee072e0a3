"""What the admin port needs to know of the rest."""

from dataclasses import dataclass
from typing import Any, Protocol

from sidecar.policy.routing.ladder import Decision
from sidecar.policy.settings.model import Config, Mode
from sidecar.telemetry.refusals import Refusal
from sidecar.telemetry.totals import Totals


@dataclass(frozen=True, slots=True)
class Status:
    """What runs and what is in force at one moment. Times are Unix times."""

    config: Config
    sha256: str
    """Of the configuration's text."""
    source: str
    """Where the configuration was read: a path, or words for the built-in defaults."""
    decision: Decision
    """The mode in force and every place that has a say in it."""
    started: float
    configured: float
    """When this configuration came into force."""
    mode_since: float = 0.0
    """Since when it is this mode."""
    last_error: str = ""
    """Why the newest configuration was refused; empty if it was not."""
    in_flight: int = 0
    """Exchanges under way."""
    spool_used: int = 0
    """Bytes of held uploads."""
    spool_limit: int = 0
    spool_trouble: str = ""
    """Why the disk behind the spool took nothing of late; empty where it took everything."""

    @property
    def mode(self) -> Mode:
        """The mode in force, but for routes with one of their own."""
        return self.decision.mode


class Figures(Protocol):
    """All metrics, of one process or of several."""

    def render(self) -> tuple[bytes, str]:
        """The Prometheus text format and its content type; safe to call from a thread."""

    def totals(self) -> Totals:
        """What was decided since the start."""


class AdminState(Protocol):
    """Answers the questions of the admin port; every answer comes from memory, at once."""

    @property
    def metrics(self) -> Figures:
        """All metrics."""

    async def refresh(self) -> None:
        """Ask other processes for their part of the answers; bounded in time."""

    def ready(self) -> tuple[bool, list[str]]:
        """Whether new traffic is welcome, and why it is not."""

    def status(self) -> Status:
        """What runs and what is in force."""

    def refusals(self) -> list[Refusal]:
        """The last uploads that were refused, or would have been, the newest first."""

    def config_in_force(self) -> dict[str, Any]:
        """The whole configuration as JSON can say it, without secrets."""

    def sources_in_force(self) -> dict[str, str]:
        """Where each of its values comes from, by its path; milliseconds, safe to call from a thread."""
