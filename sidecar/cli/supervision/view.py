"""What the admin port is told where several workers run."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from sidecar.admin.state import Status
from sidecar.cli.serving.view import InForceView
from sidecar.cli.supervision.child import Child
from sidecar.telemetry.merged import MergedMetrics
from sidecar.telemetry.refusals import Refusal, newest

_PATIENCE: Final = 1.0
"""Seconds that a worker has for its answer."""


@dataclass(frozen=True, slots=True)
class WorkersView(InForceView):
    """Adds up what the workers say (an `AdminState`)."""

    metrics: MergedMetrics
    children: Mapping[int, Child]
    stopping: Callable[[], bool]

    async def refresh(self) -> None:
        """Ask all workers at once; one that does not answer is not ready."""
        await self.all_answer()

    async def all_answer(self) -> bool:
        """Ask all workers at once, as `refresh` does; whether none of them hangs."""
        asked = [self._ask(child) for child in self.children.values() if child.ready.is_set()]
        return all(await asyncio.gather(*asked))

    async def _ask(self, child: Child) -> bool:
        try:
            async with asyncio.timeout(_PATIENCE):
                answer = await child.ask("report")
        except TimeoutError:
            child.report.not_ready = [f"worker {child.number} does not answer"]
            return False
        if answer:
            self.metrics.heard(child.number, child.metrics)
        return True

    def ready(self) -> tuple[bool, list[str]]:
        """Ready only when all workers are."""
        if self.stopping():
            return False, ["this instance is shutting down"]
        found = [reason for child in self.children.values() for reason in child.report.not_ready]
        reasons = list(dict.fromkeys(found)) if self.children else ["this instance is starting"]
        return not reasons, reasons

    @property
    def draining(self) -> bool:
        """Whether any worker only finishes what is under way."""
        return self.stopping() or any(child.report.draining for child in self.children.values())

    def status(self) -> Status:
        """What runs and what is in force."""
        reports = [child.report for child in self.children.values()]
        return self.status_with(
            sum(report.in_flight for report in reports),
            sum(report.spool_used for report in reports),
            self.live.current.config.spool.max_bytes,
            next((report.spool_trouble for report in reports if report.spool_trouble), ""),
        )

    def refusals(self) -> list[Refusal]:
        """The last uploads that were refused, or would have been, the newest first."""
        children = tuple(self.children.values())
        listed = [one for child in children for one in (child.report.refusals, child.inherited)]
        return newest(listed, self.live.current.config.log)
