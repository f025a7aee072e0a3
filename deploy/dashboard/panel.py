"""What a panel of the dashboard is, and the queries that most of them are made of."""

from dataclasses import dataclass
from typing import Final, Literal

PODS: Final = 'namespace=~"$namespace",pod=~"$pod"'
ROUTES: Final = PODS + ',route=~"$route"'

Kind = Literal["timeseries", "stat", "bargauge"]


@dataclass(frozen=True, slots=True)
class Query:
    """One PromQL expression and the name of its lines."""

    expr: str
    legend: str
    instant: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """One picture."""

    title: str
    description: str
    """What it shows, and what to think of it."""
    queries: tuple[Query, ...]
    unit: str = "short"
    """As Grafana names them: s, bytes, reqps, percentunit, dateTimeFromNow."""
    kind: Kind = "timeseries"
    width: int = 8
    """Of 24 columns."""
    stacked: bool = False
    names: tuple[tuple[str, str], ...] = ()
    """Words for values: (1, yes)."""
    red_above: float | None = None
    """From where on a value is a trouble."""


@dataclass(frozen=True, slots=True)
class Row:
    """Panels that answer one question."""

    title: str
    panels: tuple[Panel, ...]


def series(name: str, *matchers: str, labels: str = PODS) -> str:
    """The series of the chosen pods; `labels=ROUTES` for those that have a route."""
    return f"upload_sidecar_{name}{{{','.join((labels, *matchers))}}}"


def rate(name: str, *matchers: str, by: str = "", labels: str = PODS) -> str:
    """A counter, per second."""
    return f"sum by ({by}) (rate({series(name, *matchers, labels=labels)}[$__rate_interval]))"


def increase(name: str, *matchers: str, by: str = "", labels: str = PODS) -> str:
    """A counter, over the time that the dashboard shows; what did not happen is left out."""
    return f"sum by ({by}) (increase({series(name, *matchers, labels=labels)}[$__range])) > 0"


def quantiles(name: str, labels: str = PODS) -> tuple[Query, ...]:
    """The middle, the slow and the slowest of a histogram."""
    buckets = f"sum by (le) (rate({series(f'{name}_bucket', labels=labels)}[$__rate_interval]))"
    return tuple(Query(f"histogram_quantile({part}, {buckets})", f"p{round(part * 100)}") for part in (0.5, 0.95, 0.99))


def mean(name: str, by: str = "", labels: str = PODS) -> str:
    """The mean of a histogram."""
    return f"{rate(f'{name}_sum', by=by, labels=labels)} / {rate(f'{name}_count', by=by, labels=labels)}"


def slow(name: str, by: str, labels: str = PODS) -> str:
    """What one in twenty exceeds, for each value of a label."""
    buckets = f"sum by (le, {by}) (rate({series(f'{name}_bucket', labels=labels)}[$__rate_interval]))"
    return f"histogram_quantile(0.95, {buckets})"
