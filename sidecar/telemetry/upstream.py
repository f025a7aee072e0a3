"""Metrics of the service behind: how long it takes, how it fails, what its cache says."""

from prometheus_client import Histogram

from sidecar.telemetry import buckets
from sidecar.telemetry.families import Families
from sidecar.telemetry.labels import CACHE_STATUSES, OTHER, Labels
from sidecar.telemetry.outcome import Outcome


class Upstream:
    """Counts every exchange in which the service was asked."""

    def __init__(self, families: Families, labels: Labels) -> None:
        self._duration = families.histogram(
            "upstream_duration_seconds",
            "From the first byte sent to the service to the head of its answer.",
            buckets.TIME,
            "route",
        )
        errors = families.counter("upstream_errors", "Exchanges that failed because of the service.", "reason")
        self._errors = {code: errors.labels(code) for code in labels.upstream_errors}
        cache = families.counter("upstream_cache", "Answers by what Cache-Status or X-Cache says of them.", "status")
        self._cache = {status: cache.labels(status) for status in CACHE_STATUSES}
        self._routes: dict[str, Histogram] = {}

    def add_route(self, route: str) -> Histogram:
        """Makes the series of a route stand at 0; a route that is there already keeps its figures."""
        if route not in self._routes:
            self._routes[route] = self._duration.labels(route)
        return self._routes[route]

    def observe(self, outcome: Outcome) -> None:
        """Counts one finished exchange."""
        if outcome.upstream_duration > 0:
            series = self._routes.get(outcome.route) or self.add_route(OTHER)
            series.observe(outcome.upstream_duration)
        if outcome.error in self._errors:
            self._errors[outcome.error].inc()
        if outcome.cache in self._cache:
            self._cache[outcome.cache].inc()
