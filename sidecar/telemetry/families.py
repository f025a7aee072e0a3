"""Makes metric families under one prefix in one registry."""

from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from prometheus_client import CollectorRegistry, Gauge, disable_created_metrics

from sidecar.telemetry.tallies import Counter, Histogram

PREFIX: Final = "upload_sidecar"

# A `_created` gauge beside every counter and histogram doubles the series and answers no question.
disable_created_metrics()  # type: ignore[no-untyped-call]  # the client forgot its annotation


class Merge(Enum):
    """What several processes say together."""

    SUM = "sum"
    """They have amounts."""
    MAX = "max"
    MIN = "min"
    OWN = "own"
    """Only the supervisor can tell, or all tell alike."""


@dataclass(frozen=True, slots=True)
class Families:
    """A registry of our own, so that nothing another library counts appears in it.

    Attributes:
        merging: how figures of several processes are merged, by the whole name of the family.
    """

    registry: CollectorRegistry = field(default_factory=lambda: CollectorRegistry(auto_describe=True))
    merging: dict[str, Merge] = field(default_factory=dict)

    def counter(self, name: str, text: str, *labels: str, merge: Merge = Merge.SUM) -> Counter:
        """A counter; the client appends `_total`."""
        self.merging[f"{PREFIX}_{name}"] = merge
        counter = Counter(f"{PREFIX}_{name}", text, labels)
        self.registry.register(counter)
        return counter

    def gauge(self, name: str, text: str, *labels: str, merge: Merge) -> Gauge:
        """A value that goes up and down."""
        self.merging[f"{PREFIX}_{name}"] = merge
        return Gauge(name, text, labels, namespace=PREFIX, registry=self.registry)

    def histogram(self, name: str, text: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        """A distribution over the given upper bounds."""
        histogram = Histogram(f"{PREFIX}_{name}", text, labels, buckets)
        self.registry.register(histogram)
        return histogram
