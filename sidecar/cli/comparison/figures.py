"""The figures of one window, made of its series: times, shares, refusals by reason."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from sidecar.cli.comparison.histogram import Histogram, from_buckets
from sidecar.cli.comparison.noise import Estimate, rate, share
from sidecar.cli.comparison.series import Series
from sidecar.telemetry.labels import is_refusal

Name = tuple[str, str]
"""A figure of `policy.bounds.FIGURES` and the route; empty for all routes."""
Figures = Mapping[Name, Estimate | None]

_QUANTILES: Final = {"p50": 0.50, "p95": 0.95, "p99": 0.99}
_TIMES: Final = {
    "": "request_duration_seconds",
    "overhead_": "request_overhead_seconds",
    "upstream_": "upstream_duration_seconds",
}
_FIRST_SERVER_ERROR: Final = "5"


class Window:
    """Reads series by their labels."""

    def __init__(self, series: Series, seconds: float) -> None:
        self._seconds = seconds
        self._by_name: dict[str, list[tuple[dict[str, str], float]]] = defaultdict(list)
        for (name, labels), value in series.items():
            self._by_name[name].append((dict(labels), value))

    def total(self, name: str, wanted: Callable[[dict[str, str]], bool] = lambda _: True) -> float:
        """Sum over the series whose labels are wanted."""
        return math.fsum(value for labels, value in self._by_name[name] if wanted(labels))

    def histogram(self, name: str, route: str) -> Histogram:
        """All values of a route, or of all routes where it is empty."""
        buckets: dict[float, float] = defaultdict(float)
        for labels, value in self._by_name[f"{name}_bucket"]:
            if _of(route)(labels):
                buckets[float(labels["le"])] += value
        return from_buckets(buckets, self.total(f"{name}_sum", _of(route)))

    def routes(self) -> list[str]:
        """Those that had a request."""
        return sorted({labels["route"] for labels, value in self._by_name["requests_total"] if value})

    def figures(self) -> dict[Name, Estimate | None]:
        """All of them, of all routes together and of each."""
        return {
            ("cache_hit_ratio", ""): self._cache_hits(),
            **{
                (name, route): figure for route in ("", *self.routes()) for name, figure in self._of_route(route)
            },
        }  # fmt: skip

    def _of_route(self, route: str) -> Iterator[tuple[str, Estimate | None]]:
        requests = self.total("requests_total", _of(route))
        yield "requests_per_second", rate(requests, self._seconds)
        failed = self.total(
            "requests_total", lambda labels: _of(route)(labels) and labels["code"][:1] == _FIRST_SERVER_ERROR
        )
        yield "error_ratio", share(failed, requests)
        yield "refused_ratio", self._uploads(route, lambda labels: is_refusal(labels["verdict"], labels["action"]))
        yield "would_refuse_ratio", self._uploads(route, _let_in_though_bad)
        for prefix, name in _TIMES.items():
            histogram = self.histogram(name, route)
            for quantile, part in _QUANTILES.items():
                yield f"{prefix}{quantile}", histogram.quantile(part)
        yield "db_calls", self.histogram("upstream_db_calls", route).mean()

    def _uploads(self, route: str, wanted: Callable[[dict[str, str]], bool]) -> Estimate | None:
        some = self.total("uploads_total", lambda labels: _of(route)(labels) and wanted(labels))
        return share(some, self.total("uploads_total", _of(route)))

    def _cache_hits(self) -> Estimate | None:
        hits = self.total("upstream_cache_total", lambda labels: labels["status"] == "hit")
        return share(hits, self.total("upstream_cache_total"))

    def reasons(self) -> dict[tuple[str, str], float]:
        """Findings by reason and action."""
        return {
            (labels["reason"], labels["action"]): value for labels, value in self._by_name["findings_total"] if value
        }

    def counted(self, name: str, label: str) -> dict[str, float]:
        """A counter by one label."""
        sums: dict[str, float] = defaultdict(float)
        for labels, value in self._by_name[name]:
            if value:
                sums[labels[label]] += value
        return dict(sums)


def _of(route: str) -> Callable[[dict[str, str]], bool]:
    return lambda labels: not route or labels["route"] == route


def _let_in_though_bad(labels: dict[str, str]) -> bool:
    """What monitor mode would have refused."""
    return labels["verdict"] == "bad" and labels["action"] == "forwarded"
