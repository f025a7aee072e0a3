"""Counters and distributions as plain numbers: counting is cheap, and the client makes metrics of them at a scrape.

The client's own take a lock and walk through their buckets for each count, which was a twentieth of what an upload
costs. Each series here is counted by one thread at a time, and read by any.
"""

from abc import ABC, abstractmethod
from bisect import bisect_left
from collections.abc import Iterable
from itertools import accumulate
from typing import Final, Generic, TypeVar

from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.utils import floatToGoString

_ENDLESS: Final = float("inf")


class Count:
    """One series of a counter."""

    __slots__ = ("value",)

    def __init__(self) -> None:
        self.value = 0.0

    def inc(self, amount: float = 1.0) -> None:
        """Count up."""
        self.value += amount


class Spread:
    """One series of a histogram.

    Attributes:
        counts: values in each bucket alone, the one without an upper bound last.
        sum: of all values.
    """

    __slots__ = ("_bounds", "counts", "sum")

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self._bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.sum = 0.0

    def observe(self, value: float) -> None:
        """Count a value; a bound belongs to its bucket."""
        self.counts[bisect_left(self._bounds, value)] += 1
        self.sum += value


Series = TypeVar("Series", Count, Spread)


class _Family(ABC, Generic[Series]):
    """All series of one name, by their labels' values; without labels there is one from the start."""

    def __init__(self, name: str, text: str, labels: tuple[str, ...]) -> None:
        self._name, self._text, self._labels = name, text, labels
        self._series: dict[tuple[str, ...], Series] = {}

    def labels(self, *values: object) -> Series:
        """The series of these labels, new at 0.

        Raises:
            ValueError: not as many as the family has.
        """
        if len(values) != len(self._labels):
            raise ValueError(f"{self._name} has the labels {self._labels}, not {len(values)}")
        key = tuple(map(str, values))
        if key not in self._series:
            self._series[key] = self._new()
        return self._series[key]

    def collect(self) -> Iterable[Metric]:
        """The figures, for the client; safe to call from a thread."""
        return (self._metric(list(self._series.items())),)

    @abstractmethod
    def _new(self) -> Series:
        """A series at 0."""

    @abstractmethod
    def _metric(self, series: list[tuple[tuple[str, ...], Series]]) -> Metric:
        """The family as the client writes it."""


class Counter(_Family[Count]):
    """A sum that only grows."""

    def __init__(self, name: str, text: str, labels: tuple[str, ...]) -> None:
        super().__init__(name, text, labels)
        if not labels:
            self.inc = self.labels().inc

    def _new(self) -> Count:
        return Count()

    def _metric(self, series: list[tuple[tuple[str, ...], Count]]) -> Metric:
        family = CounterMetricFamily(self._name, self._text, labels=self._labels)
        for values, count in series:
            family.add_metric(values, count.value)
        return family


class Histogram(_Family[Spread]):
    """A distribution over upper bounds."""

    def __init__(self, name: str, text: str, labels: tuple[str, ...], bounds: tuple[float, ...]) -> None:
        super().__init__(name, text, labels)
        self._bounds = bounds
        self._names = tuple(floatToGoString(bound) for bound in (*bounds, _ENDLESS))  # type: ignore[no-untyped-call]
        if not labels:
            self.observe = self.labels().observe

    def _new(self) -> Spread:
        return Spread(self._bounds)

    def _metric(self, series: list[tuple[tuple[str, ...], Spread]]) -> Metric:
        family = HistogramMetricFamily(self._name, self._text, labels=self._labels)
        for values, spread in series:
            buckets = list(zip(self._names, accumulate(spread.counts), strict=True))
            family.add_metric(values, buckets, spread.sum)
        return family
