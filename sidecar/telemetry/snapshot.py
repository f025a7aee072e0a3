"""The figures of one process as plain values, and those of several as one."""

import operator
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, Protocol

from prometheus_client import CollectorRegistry
from prometheus_client.metrics_core import Metric

from sidecar.telemetry.families import Merge

LabelPairs = tuple[tuple[str, str], ...]
Values = dict[tuple[str, LabelPairs], float]


class Family:
    """All series of one name."""

    __slots__ = ("kind", "merge", "text", "values")

    def __init__(self, kind: str, text: str, merge: Merge, values: Values | None = None) -> None:
        self.kind = kind
        self.text = text
        self.merge = merge
        self.values: Values = {} if values is None else values


Snapshot = dict[str, Family]

_PROCESS: Final = {"process_start_time_seconds": Merge.OWN, "process_max_fds": Merge.OWN}
_TOGETHER: Final[Mapping[Merge, Callable[[float, float], float]]] = {
    Merge.SUM: operator.add, Merge.MAX: max, Merge.MIN: min
}  # fmt: skip
_ADDED: Final = frozenset({"counter", "histogram"})


class Registry(Protocol):
    """What has figures."""

    def collect(self) -> Iterable[Metric]:
        """All of them."""


def take(registry: CollectorRegistry | Registry, merging: Mapping[str, Merge]) -> Snapshot:
    """All figures of this process, now; those of which `merging` tells nothing are amounts."""
    rules = {**_PROCESS, **merging}
    return {
        family.name: Family(
            family.type,
            family.documentation,
            rules.get(family.name, Merge.SUM),
            {(sample.name, tuple(sample.labels.items())): sample.value for sample in family.samples},
        )
        for family in registry.collect()
    }


def to_json(snapshot: Snapshot) -> dict[str, Any]:
    """A snapshot as JSON can say it."""
    return {
        name: [family.kind, family.text, family.merge.value, [[*key, value] for key, value in family.values.items()]]
        for name, family in snapshot.items()
    }


def from_json(data: Mapping[str, Any]) -> Snapshot:
    """What `to_json` wrote; only from a process of our own."""
    return {
        name: Family(kind, text, Merge(merge), {(sample, _labels(pairs)): value for sample, pairs, value in rows})
        for name, (kind, text, merge, rows) in data.items()
    }


def _labels(pairs: Iterable[tuple[str, str]]) -> LabelPairs:
    return tuple((key, word) for key, word in pairs)


def lasting(snapshot: Snapshot) -> Snapshot:
    """What stays true of a process that has ended: what it counted."""
    return {name: family for name, family in snapshot.items() if family.kind in _ADDED}


def merge(own: Snapshot, others: Iterable[Snapshot]) -> Snapshot:
    """One picture of several processes: each family says how."""
    merged = {name: Family(family.kind, family.text, family.merge, dict(family.values)) for name, family in own.items()}
    for snapshot in others:
        for name, family in snapshot.items():
            if family.merge in _TOGETHER:
                _add(merged.setdefault(name, Family(family.kind, family.text, family.merge)), family.values)
    return merged


def _add(to: Family, values: Values) -> None:
    together = _TOGETHER[to.merge]
    for key, value in values.items():
        before = to.values.get(key)
        to.values[key] = value if before is None else together(before, value)


def metrics(snapshot: Snapshot) -> Iterable[Metric]:
    """The figures as the Prometheus client writes them."""
    for name, family in snapshot.items():
        metric = Metric(name, family.text, family.kind)
        for (sample, labels), value in family.values.items():
            metric.add_sample(sample, dict(labels), value)
        yield metric
