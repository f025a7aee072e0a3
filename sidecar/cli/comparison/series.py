"""Series of metrics as plain values: read from a scrape, and what they grew by between two."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from prometheus_client.parser import text_string_to_metric_families

from sidecar.telemetry.families import PREFIX

Labels = frozenset[tuple[str, str]]
Series = dict[tuple[str, Labels], float]
"""Values by the sample's name without our prefix, and its labels."""

COUNTERS: Final[Mapping[str, tuple[str, ...]]] = {
    "requests_total": ("route", "code"),
    "uploads_total": ("route", "verdict", "action"),
    "findings_total": ("reason", "action"),
    "upstream_cache_total": ("status",),
    "upstream_errors_total": ("reason",),
    "requests_shed_total": ("reason",),
}
"""Counters that are compared, and the labels by which they are told apart; all others are added up."""
HISTOGRAMS: Final[Mapping[str, tuple[str, ...]]] = {
    "request_duration_seconds": ("route",),
    "request_overhead_seconds": ("route",),
    "upstream_duration_seconds": ("route",),
    "upstream_db_calls": ("route",),
}
SAMPLES: Final[Mapping[str, tuple[str, ...]]] = {
    **COUNTERS,
    **{f"{name}_bucket": (*labels, "le") for name, labels in HISTOGRAMS.items()},
    **{f"{name}_{part}": labels for name, labels in HISTOGRAMS.items() for part in ("sum", "count")},
}
"""Every sample that is compared."""
INFO: Final[Mapping[str, str]] = {"build_info": "version", "config_info": "sha256", "mode": "mode"}
"""Series of 1 whose label tells something."""


class RestartedError(Exception):
    """A counter went down between two scrapes."""


def read(text: str) -> tuple[Series, dict[str, list[str]]]:
    """What is compared in a scrape, and what the series of INFO say.

    Raises:
        ValueError: it is not the Prometheus text format.
    """
    series: Series = {}
    told: dict[str, list[str]] = {name: [] for name in INFO}
    for name, labels, value in _samples(text):
        if name in SAMPLES:
            key = name, frozenset((label, labels.get(label, "")) for label in SAMPLES[name])
            series[key] = series.get(key, 0.0) + value
        elif name in INFO and value == 1:
            told[name].append(labels.get(INFO[name], ""))
    return series, told


def _samples(text: str) -> Iterator[tuple[str, dict[str, str], float]]:
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            if sample.name.startswith(f"{PREFIX}_"):
                yield sample.name.removeprefix(f"{PREFIX}_"), sample.labels, sample.value


def grown(before: Series, after: Series) -> Series:
    """By how much each series grew.

    Raises:
        RestartedError: one went down.
    """
    if any(after.get(key, 0.0) < value for key, value in before.items()):
        raise RestartedError
    return {key: value - before.get(key, 0.0) for key, value in after.items()}


def worth_keeping(series: Series) -> Iterable[tuple[str, dict[str, str], float]]:
    """Those that are not 0, and all buckets of a histogram that has values: a bound is known by its bucket."""
    counted = {(name.removesuffix("_count"), labels) for (name, labels), value in series.items() if value}
    for (name, labels), value in sorted(series.items(), key=lambda item: (item[0][0], sorted(item[0][1]))):
        rest = frozenset(pair for pair in labels if pair[0] != "le")
        if value or (name.endswith("_bucket") and (name.removesuffix("_bucket"), rest) in counted):
            yield name, dict(sorted(labels)), value
