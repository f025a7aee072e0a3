"""Metrics of uploads: what was decided, why, and on which files."""

from itertools import product

from sidecar.inspection.file import FileRecord
from sidecar.telemetry import buckets
from sidecar.telemetry.families import Families
from sidecar.telemetry.labels import ACTIONS, FINDING_ACTIONS, MEDIA_TYPES, OTHER, STAGES, VERDICTS, Labels, type_label
from sidecar.telemetry.outcome import Outcome
from sidecar.telemetry.tallies import Count


class Decisions:
    """Counts every upload."""

    def __init__(self, families: Families, labels: Labels) -> None:
        self._uploads = families.counter(
            "uploads",
            "Uploads, by what was found and what was decided; whether one that was forwarded arrived is in requests.",
            "route",
            "verdict",
            "action",
        )
        self._findings = families.counter(
            "findings",
            "Findings, by reason and what became of the upload; `monitored` is of a check that only counts.",
            "reason",
            "action",
        )
        self._files = families.counter("files", "Files inspected, by content type as their content tells it.", "type")
        self._file_size = families.histogram("file_size_bytes", "Sizes of the files inspected.", buckets.SIZE)
        stages = families.histogram(
            "stage_duration_seconds", "Time spent in a stage of an upload.", buckets.TIME, "stage"
        )
        self._stages = {stage: stages.labels(stage) for stage in STAGES}
        self._types = {kind: self._files.labels(kind) for kind in (*sorted(MEDIA_TYPES), OTHER)}
        self._reasons = {key: self._findings.labels(*key) for key in product((*labels.reasons, OTHER), FINDING_ACTIONS)}
        self._routes: dict[str, dict[tuple[str, str], Count]] = {}

    def add_route(self, route: str) -> dict[tuple[str, str], Count]:
        """Makes the series of a route stand at 0; a route that is there already keeps its figures."""
        if route not in self._routes:
            self._routes[route] = {key: self._uploads.labels(route, *key) for key in product(VERDICTS, ACTIONS)}
        return self._routes[route]

    def observe(self, outcome: Outcome) -> None:
        """Counts one upload; anything else is not its subject."""
        if not outcome.upload:
            return
        series = self._routes.get(outcome.route) or self.add_route(OTHER)
        series[outcome.verdict, outcome.action].inc()
        self._observe_findings(outcome)
        self._observe_files(outcome)
        for stage, histogram in self._stages.items():
            if stage in outcome.stages:
                histogram.observe(outcome.stages[stage])

    def _observe_findings(self, outcome: Outcome) -> None:
        """Counts each finding under what became of the upload."""
        for finding in outcome.findings:
            key = finding.reason.code, "monitored" if finding.monitored else outcome.action
            (self._reasons.get(key) or self._reasons[OTHER, "rejected"]).inc()

    def _observe_files(self, outcome: Outcome) -> None:
        """Counts and weighs each file that was seen to its end; what a refusal cut short has no digest."""
        for file in filter(_is_whole, outcome.files):
            (self._types.get(file.content_type) or self._types[type_label(file.content_type)]).inc()
            self._file_size.observe(file.size)


def _is_whole(file: FileRecord) -> bool:
    return bool(file.sha256)
