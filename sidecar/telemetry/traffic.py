"""Metrics of all requests: how many, how long, how many bytes."""

from dataclasses import dataclass, field

from sidecar.telemetry import buckets
from sidecar.telemetry.families import Families
from sidecar.telemetry.labels import OTHER, Labels, code_label, method_label
from sidecar.telemetry.outcome import Outcome
from sidecar.telemetry.tallies import Count, Counter, Spread


@dataclass(frozen=True, slots=True)
class _Series:
    """The series of one route, resolved once: a look-up by labels costs more than the count itself."""

    route: str
    requests: Counter
    duration: Spread
    overhead: Spread
    received: Count
    forwarded: Count
    answers: dict[tuple[str, int], Count] = field(default_factory=dict)

    def answer(self, method: str, status: int) -> Count:
        """The counter of a method and a status.

        A method that no table names is not remembered, so hostile ones cannot make this grow.
        """
        known = self.answers.get((method, status))
        if known is not None:
            return known
        label, code = method_label(method), code_label(status)
        child = self.requests.labels(self.route, label, code)
        if OTHER not in {label, code}:
            self.answers[method, status] = child
        return child


class Traffic:
    """Counts every exchange, upload or not."""

    def __init__(self, families: Families, labels: Labels) -> None:
        self._labels = labels
        self._requests = families.counter(
            "requests", "Requests finished, by the status that the client got.", "route", "method", "code"
        )
        self._duration = families.histogram(
            "request_duration_seconds", "From the request's head to the answer's end.", buckets.TIME, "route"
        )
        self._overhead = families.histogram(
            "request_overhead_seconds", "Time in which the sidecar waited for nobody.", buckets.OVERHEAD, "route"
        )
        self._received = families.counter("request_body_bytes", "Body bytes received from clients.", "route")
        self._forwarded = families.counter("upstream_body_bytes", "Body bytes sent to the service.", "route")
        self._shed = families.counter("requests_shed", "Requests turned away for want of room.", "reason")
        self._sheds = {code: self._shed.labels(code) for code in labels.shed}
        self._routes: dict[str, _Series] = {}

    def add_route(self, route: str) -> _Series:
        """Makes the series of a route stand at 0; a route that is there already keeps its figures."""
        if route not in self._routes:
            self._routes[route] = self._series(route)
            for method, status in self._labels.answers:
                self._routes[route].answer(method, status)
        return self._routes[route]

    def _series(self, route: str) -> _Series:
        """The children of every family that has a route."""
        return _Series(
            route=route,
            requests=self._requests,
            duration=self._duration.labels(route),
            overhead=self._overhead.labels(route),
            received=self._received.labels(route),
            forwarded=self._forwarded.labels(route),
        )

    def observe(self, outcome: Outcome) -> None:
        """Counts one finished exchange."""
        series = self._routes.get(outcome.route) or self.add_route(OTHER)
        series.answer(outcome.method, outcome.status).inc()
        series.duration.observe(outcome.duration)
        series.overhead.observe(outcome.overhead)
        series.received.inc(outcome.received)
        series.forwarded.inc(outcome.forwarded)
        if outcome.error in self._sheds:
            self._sheds[outcome.error].inc()

    def shed(self, code: str) -> None:
        """Counts a connection that was turned away before there was a request."""
        (self._sheds.get(code) or self._shed.labels(OTHER)).inc()
