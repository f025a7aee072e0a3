"""The metrics of several processes as one."""

from collections.abc import Iterable

from prometheus_client import generate_latest
from prometheus_client.metrics_core import Metric

from sidecar.telemetry import snapshot
from sidecar.telemetry.metrics import TEXT_FORMAT, Metrics
from sidecar.telemetry.snapshot import Snapshot
from sidecar.telemetry.totals import Totals, totals


class MergedMetrics:
    """Our own, those of the processes that run, and what those that ended had counted."""

    def __init__(self, own: Metrics) -> None:
        self._own = own
        self._running: dict[int, Snapshot] = {}
        self._ended: Snapshot = {}

    def heard(self, process: int, figures: Snapshot) -> None:
        """What a process says now."""
        self._running[process] = figures

    def ended(self, process: int) -> None:
        """A process has ended; what it counted stays, or sums would go down."""
        last = self._running.pop(process, None)
        if last is not None:
            self._ended = snapshot.merge(self._ended, [snapshot.lasting(last)])

    def collect(self) -> Iterable[Metric]:
        """All figures, for the Prometheus client."""
        return snapshot.metrics(self._merged())

    def render(self) -> tuple[bytes, str]:
        """The Prometheus text format and its content type; safe to call from a thread."""
        return generate_latest(self), TEXT_FORMAT

    def totals(self) -> Totals:
        """What was counted since the start; safe to call from a thread."""
        return totals(self._merged())

    def _merged(self) -> Snapshot:
        return snapshot.merge(self._own.snapshot(), [self._ended, *self._running.copy().values()])
