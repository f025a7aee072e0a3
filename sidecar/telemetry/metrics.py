"""All metrics of the sidecar: fed by outcomes, read by Prometheus."""

from collections.abc import Iterable
from typing import Final

from prometheus_client import ProcessCollector, generate_latest

from sidecar.telemetry.decisions import Decisions
from sidecar.telemetry.families import Families
from sidecar.telemetry.isolation import IsolationMetrics
from sidecar.telemetry.labels import Labels
from sidecar.telemetry.outcome import Outcome
from sidecar.telemetry.readings import ReadGauges, Readings
from sidecar.telemetry.scans import Scans
from sidecar.telemetry.snapshot import Snapshot, take
from sidecar.telemetry.state import State
from sidecar.telemetry.totals import Totals, totals
from sidecar.telemetry.traffic import Traffic
from sidecar.telemetry.upstream import Upstream

TEXT_FORMAT: Final = "text/plain; version=0.0.4; charset=utf-8"
"""The format that every version of Prometheus reads."""


class Metrics:
    """One registry; every series that is known stands at 0 from the start, or once the configuration asks for it."""

    def __init__(self, labels: Labels) -> None:
        self._families = Families()
        self._traffic = Traffic(self._families, labels)
        self._decisions = Decisions(self._families, labels)
        self._upstream = Upstream(self._families, labels)
        self._gauges = ReadGauges(self._families)
        self.state = State(self._families)
        self.isolation = IsolationMetrics(self._families)
        self.scans = Scans(self._families)
        ProcessCollector(registry=self._families.registry)
        self.add_routes(labels.routes)

    def add_routes(self, routes: Iterable[str]) -> None:
        """Adds the routes of a new configuration; those of an old one keep their series, and their sums."""
        for route in routes:
            self._traffic.add_route(route)
            self._decisions.add_route(route)
            self._upstream.add_route(route)

    def expect_db_calls(self) -> None:
        """Adds the series of what the service tells of its database, which most services do not."""
        self._upstream.expect_calls()

    def observe(self, outcome: Outcome) -> None:
        """Counts one finished exchange; some 15 µs for an upload with one file."""
        self._traffic.observe(outcome)
        self._upstream.observe(outcome)
        self._decisions.observe(outcome)

    def shed(self, code: str) -> None:
        """Counts a connection that was turned away before there was an Outcome."""
        self._traffic.shed(code)

    def read_from(self, readings: Readings) -> None:
        """Names the sources of the gauges that are read at every scrape."""
        self._gauges.read_from(readings)

    def totals(self) -> Totals:
        """What was counted since the start; safe to call from a thread."""
        return totals(self.snapshot())

    def snapshot(self) -> Snapshot:
        """All figures as plain values; safe to call from a thread."""
        return take(self._families.registry, self._families.merging)

    def render(self) -> tuple[bytes, str]:
        """The Prometheus text format and its content type; safe to call from a thread."""
        return generate_latest(self._families.registry), TEXT_FORMAT
