"""The figures of one process as plain values, and those of several as one."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, Protocol

from prometheus_client import CollectorRegistry
from prometheus_client.metrics_core import Metric

from sidecar.telemetry.families import PREFIX

Labels = tuple[tuple[str, str], ...]
Values = dict[tuple[str, Labels], float]


class Family:
    """All series of one name."""

    __slots__ = ("kind", "text", "values")

    def __init__(self, kind: str, text: str, values: Values | None = None) -> None:
        self.kind = kind
        self.text = text
        self.values: Values = {} if values is None else values


Snapshot = dict[str, Family]

_OWN: Final = frozenset(
    {f"{PREFIX}_{name}" for name in ("mode", "config_info", "config_last_reload_successful", "config_reloads")}
    | {f"{PREFIX}_{name}" for name in ("mode_source", "mode_since_timestamp_seconds", "mode_lowered")}
    | {f"{PREFIX}_mode_file_valid", f"{PREFIX}_enforced_ratio"}
    | {f"{PREFIX}_config_last_reload_success_timestamp_seconds", f"{PREFIX}_build_info"}
    | {f"{PREFIX}_ready", f"{PREFIX}_draining", f"{PREFIX}_worker_deaths"}
    | {"process_start_time_seconds", "process_max_fds"}
)
"""What only the supervisor can tell, or all tell alike."""
_HIGHEST: Final = frozenset({f"{PREFIX}_event_loop_lag_seconds", f"{PREFIX}_scanner_breaker_open"})
_LOWEST: Final = frozenset(
    {f"{PREFIX}_isolation_filtered", f"{PREFIX}_scanner_up", f"{PREFIX}_scanner_signature_timestamp_seconds"}
    | {f"{PREFIX}_scanner_last_reload_successful"}
)
_ADDED: Final = frozenset({"counter", "histogram"})


class Registry(Protocol):
    """What has figures."""

    def collect(self) -> Iterable[Metric]:
        """All of them."""


def take(registry: CollectorRegistry | Registry) -> Snapshot:
    """All figures of this process, now."""
    return {
        family.name: Family(
            family.type,
            family.documentation,
            {(sample.name, tuple(sample.labels.items())): sample.value for sample in family.samples},
        )
        for family in registry.collect()
    }


def to_json(snapshot: Snapshot) -> dict[str, Any]:
    """A snapshot as JSON can say it."""
    return {
        name: [family.kind, family.text, [[sample, labels, value] for (sample, labels), value in family.values.items()]]
        for name, family in snapshot.items()
    }


def from_json(data: Mapping[str, Any]) -> Snapshot:
    """What `to_json` wrote; only from a process of our own."""
    return {
        name: Family(
            kind, text, {(sample, tuple((key, word) for key, word in labels)): value for sample, labels, value in rows}
        )
        for name, (kind, text, rows) in data.items()
    }


def lasting(snapshot: Snapshot) -> Snapshot:
    """What stays true of a process that has ended: what it counted."""
    return {name: family for name, family in snapshot.items() if family.kind in _ADDED}


def merge(own: Snapshot, others: Iterable[Snapshot]) -> Snapshot:
    """One picture of several processes.

    Counters and histograms are added up, and gauges too, but for those that only one process can tell or that are not
    amounts.
    """
    merged = {name: Family(family.kind, family.text, dict(family.values)) for name, family in own.items()}
    for snapshot in others:
        for name, family in snapshot.items():
            if name not in _OWN:
                _add(merged.setdefault(name, Family(family.kind, family.text)), name, family.values)
    return merged


def _add(to: Family, name: str, values: Values) -> None:
    for key, value in values.items():
        before = to.values.get(key)
        if before is None:
            to.values[key] = value
        elif name in _HIGHEST:
            to.values[key] = max(before, value)
        elif name in _LOWEST:
            to.values[key] = min(before, value)
        else:
            to.values[key] = before + value


def metrics(snapshot: Snapshot) -> Iterable[Metric]:
    """The figures as the Prometheus client writes them."""
    for name, family in snapshot.items():
        metric = Metric(name, family.text, family.kind)
        for (sample, labels), value in family.values.items():
            metric.add_sample(sample, dict(labels), value)
        yield metric
