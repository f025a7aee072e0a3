"""Metrics of the service behind: how long it takes, how it fails, what its cache says."""

from sidecar.telemetry import buckets
from sidecar.telemetry.families import Families
from sidecar.telemetry.labels import CACHE_STATUSES, DIRECTIONS, OTHER, RETRIES, Labels
from sidecar.telemetry.outcome import Outcome
from sidecar.telemetry.tallies import Spread


class Upstream:
    """Counts every exchange in which the service was asked."""

    def __init__(self, families: Families, labels: Labels) -> None:
        self._duration = families.histogram(
            "upstream_duration_seconds",
            "From the first byte sent to the service to the head of its answer, or the end of the wait for it.",
            buckets.TIME,
            "route",
        )
        self._calls = families.histogram(
            "upstream_db_calls",
            "Calls of the database for one answer, as the service tells it.",
            buckets.CALLS,
            "route",
        )
        errors = families.counter("upstream_errors", "Exchanges that failed because of the service.", "reason")
        self._errors = {code: errors.labels(code) for code in labels.upstream_errors}
        cache = families.counter("upstream_cache", "Answers by what Cache-Status or X-Cache says of them.", "status")
        self._cache = {status: cache.labels(status) for status in CACHE_STATUSES}
        retries = families.counter("upstream_retries", "Further attempts at the service, by why.", "reason")
        self._retries = {reason: retries.labels(reason) for reason in RETRIES}
        tunnel = families.counter("tunnel_bytes", "Bytes through WebSockets and other tunnels that ended.", "direction")
        self._tunnel = {direction: tunnel.labels(direction) for direction in DIRECTIONS}
        self._routes: dict[str, Spread] = {}
        self._calls_by_route: dict[str, Spread] = {}
        self._tells_calls = False

    def add_route(self, route: str) -> Spread:
        """Makes the series of a route stand at 0; a route that is there already keeps its figures."""
        if route not in self._routes:
            self._routes[route] = self._duration.labels(route)
            if self._tells_calls:
                self._calls_by_route[route] = self._calls.labels(route)
        return self._routes[route]

    def expect_calls(self) -> None:
        """From now on the service tells its calls, so that their series stand at 0, too: fourteen for each route."""
        self._tells_calls = True
        self._calls_by_route |= {route: self._calls.labels(route) for route in self._routes}

    def observe(self, outcome: Outcome) -> None:
        """Counts one finished exchange."""
        if outcome.upstream_duration > 0:
            series = self._routes.get(outcome.route) or self.add_route(OTHER)
            series.observe(outcome.upstream_duration)
        if outcome.db_calls is not None:
            (self._calls_by_route.get(outcome.route) or self._calls.labels(OTHER)).observe(outcome.db_calls)
        if outcome.error in self._errors:
            self._errors[outcome.error].inc()
        for reason in outcome.retries:
            self._retries[reason].inc()
        if outcome.tunnel is not None:
            self._tunnel["up"].inc(outcome.tunnel.up)
            self._tunnel["down"].inc(outcome.tunnel.down)
        if outcome.cache in self._cache:
            self._cache[outcome.cache].inc()
