"""What the admin port is told of a running instance."""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sidecar.admin.state import Status
from sidecar.proxy.live import Live
from sidecar.proxy.spool import Room
from sidecar.telemetry.metrics import Metrics

_MODE_KEY: Final = re.compile(rb"^mode\s*:", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Sources:
    """Where settings come from, the strongest first: flags, environment, file."""

    name: str
    environ: Mapping[str, str]
    flags: Mapping[str, str]

    def of_mode(self, text: bytes) -> str:
        """Where the mode in force was set."""
        if "mode" in self.flags:
            return "the flag --mode"
        if "SIDECAR_MODE" in self.environ:
            return "the variable SIDECAR_MODE"
        return self.name if _MODE_KEY.search(text) else "the default"


@dataclass(frozen=True, slots=True)
class View:
    """Answers from memory, at once (an `AdminState`)."""

    metrics: Metrics
    live: Live
    room: Room
    sources: Sources
    reasons_not_ready: Callable[[], list[str]]
    in_flight: Callable[[], int]
    started: float = field(default_factory=time.time)

    async def refresh(self) -> None:
        """Nothing is elsewhere."""

    def ready(self) -> tuple[bool, list[str]]:
        """Whether new traffic is welcome, and why it is not."""
        reasons = self.reasons_not_ready()
        return not reasons, reasons

    def status(self) -> Status:
        """What runs and what is in force."""
        current = self.live.current
        return Status(
            config=current.config,
            sha256=current.sha256,
            source=self.sources.name,
            mode_source=self.sources.of_mode(current.text),
            started=self.started,
            configured=current.since,
            last_error=self.live.last_error,
            in_flight=self.in_flight(),
            spool_used=self.room.used,
            spool_limit=self.room.limit,
        )

    def config_in_force(self) -> dict[str, Any]:
        """The whole configuration; it has no secrets, as those come from files."""
        return self.live.current.config.model_dump(mode="json")
