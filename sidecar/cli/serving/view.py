"""What the admin port is told of a running instance."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sidecar.admin.state import Status
from sidecar.cli.config_file import settings_of_checks
from sidecar.policy.loading.sources import sources_of
from sidecar.policy.loading.yaml_document import decode, parse_document
from sidecar.policy.routing.ladder import Rung, configured
from sidecar.policy.settings.base import as_json
from sidecar.policy.settings.model import Config, Mode
from sidecar.policy.values.words import switch
from sidecar.proxy.control.live import Live
from sidecar.proxy.held.spool import Room
from sidecar.telemetry.metrics import Metrics
from sidecar.telemetry.refusals import Refusal, Refusals, newest


@dataclass(frozen=True, slots=True)
class Sources:
    """Where settings come from, the strongest first: flags, environment, file."""

    name: str
    environ: Mapping[str, str]
    flags: Mapping[str, str]

    def of_mode(self, text: bytes, config: Config) -> Rung:
        """Where the configuration has its mode from: the strongest place that says one, or one that says `off`."""
        said = [
            (configured("flag", "the flag --mode", config), self.flags.get("mode")),
            (configured("environment", "the variable SIDECAR_MODE", config), self.environ.get("SIDECAR_MODE")),
        ]
        for rung, word in said:
            if word is not None and (config.mode is not Mode.OFF or switch(word) == "off"):
                return rung
        in_file = parse_document(decode(text)).get("mode") is not None
        return configured("file", self.name, config) if in_file else configured("default", "the default", config)

    def of_all(self, config: Config, text: bytes) -> dict[str, str]:
        """Where every value was set, by its path."""
        return sources_of(config, text, self.environ, settings_of_checks(), self.flags)


@dataclass(frozen=True, slots=True)
class InForceView:
    """What is in force, which one process knows for all."""

    live: Live
    sources: Sources
    started: float = field(default_factory=time.time, kw_only=True)

    def status_with(self, in_flight: int, spool_used: int, spool_limit: int, spool_trouble: str) -> Status:
        """What runs and what is in force, with what only those who serve can tell."""
        current = self.live.current
        return Status(
            config=current.config,
            sha256=current.sha256,
            source=self.sources.name,
            decision=current.decision,
            mode_since=current.mode_since,
            started=self.started,
            configured=current.since,
            last_error=self.live.last_error,
            in_flight=in_flight,
            spool_used=spool_used,
            spool_limit=spool_limit,
            spool_trouble=spool_trouble,
        )

    def config_in_force(self) -> dict[str, Any]:
        """The whole configuration; it has no secrets, as those come from files."""
        return as_json(self.live.current.config)

    def sources_in_force(self) -> dict[str, str]:
        """Where each of its values comes from."""
        return self.sources.of_all(self.live.current.config, self.live.current.text)


@dataclass(frozen=True, slots=True)
class View(InForceView):
    """Answers from memory, at once (an `AdminState`)."""

    metrics: Metrics
    room: Room
    reasons_not_ready: Callable[[], list[str]]
    in_flight: Callable[[], int]
    refused: Refusals

    async def refresh(self) -> None:
        """Nothing is elsewhere."""

    def ready(self) -> tuple[bool, list[str]]:
        """Whether new traffic is welcome, and why it is not."""
        reasons = self.reasons_not_ready()
        return not reasons, reasons

    def status(self) -> Status:
        """What runs and what is in force."""
        room = self.room
        return self.status_with(self.in_flight(), room.used, room.limit, room.trouble.recent)

    def refusals(self) -> list[Refusal]:
        """The last uploads that were refused, or would have been, the newest first."""
        return newest([self.refused.listed()], self.live.current.config.log)
