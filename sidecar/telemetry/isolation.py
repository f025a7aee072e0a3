"""Metrics of the processes in which files are examined whole."""

from sidecar.isolation.unanswered import CAUSES
from sidecar.telemetry.families import Families, Merge


class IsolationMetrics:
    """Counts deaths, and tells whether the kernel filters what workers ask of it."""

    def __init__(self, families: Families) -> None:
        deaths = families.counter(
            "isolated_worker_deaths", "Processes that died while they examined a file, by cause.", "cause"
        )
        self._deaths = {cause: deaths.labels(cause) for cause in CAUSES}
        self._filtered = families.gauge(
            "isolation_filtered",
            "1 while the kernel filters the calls of the processes that examine files.",
            merge=Merge.MIN,
        )

    def died(self, cause: str) -> None:
        """A worker died before it had answered."""
        self._deaths[cause].inc()

    def filtered(self, filtered: bool) -> None:  # noqa: FBT001 - the one thing that is told
        """Workers are filtered, or are not."""
        self._filtered.set(filtered)
