"""What a histogram tells of the values that were counted in it: quantiles, mean, and how well it knows them."""

import math
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate, pairwise

from sidecar.cli.comparison.noise import Estimate, Z


@dataclass(frozen=True, slots=True)
class Histogram:
    """Upper bounds in order, the last one infinite, and how many values lie in each bucket alone."""

    bounds: tuple[float, ...]
    counts: tuple[float, ...]
    sum: float

    @property
    def total(self) -> float:
        """How many values."""
        return math.fsum(self.counts)

    def quantile(self, share: float) -> Estimate | None:
        """The value that `share` of all do not exceed; None without values.

        The limits are those between which order statistics lie (the ranks are binomial), each interpolated within its
        bucket as Prometheus does. Fewer than five values beyond the quantile are too few to tell.
        """
        total = self.total
        if not total:
            return None
        spread = Z * math.sqrt(total * share * (1 - share))
        low, value, high = (self._at(share * total + step) for step in (-spread, 0.0, spread))
        enough = total * min(share, 1 - share) >= 5  # noqa: PLR2004 - the common rule of the normal approximation
        return Estimate(value, low, high, total, enough=enough, within=self._bucket(share * total))

    def mean(self) -> Estimate | None:
        """The mean; its limits rest on the middle of each bucket."""
        total = self.total
        if not total:
            return None
        value = self.sum / total
        pairs = zip(self._middles(), self.counts, strict=True)
        variance = math.fsum(count * (middle - value) ** 2 for middle, count in pairs) / total
        error = Z * math.sqrt(variance / total)
        return Estimate(value, max(0.0, value - error), value + error, total, enough=total >= 30)  # noqa: PLR2004 - the same

    def _index(self, rank: float) -> int:
        sums = list(accumulate(self.counts))
        return min(bisect_left(sums, min(max(rank, 1e-9), sums[-1])), len(sums) - 1)

    def _bucket(self, rank: float) -> tuple[float, float]:
        """The bounds between which the value of this rank lies."""
        index = self._index(rank)
        return (self.bounds[index - 1] if index else 0.0, self.bounds[index])

    def _at(self, rank: float) -> float:
        index = self._index(rank)
        low, high = self._bucket(rank)
        if math.isinf(high):
            return low
        before = math.fsum(self.counts[:index])
        inside = min(max(rank - before, 0.0), self.counts[index])
        return low + (high - low) * (inside / self.counts[index] if self.counts[index] else 1.0)

    def _middles(self) -> list[float]:
        finite = (0.0, *(bound for bound in self.bounds if not math.isinf(bound)))
        return [(low + high) / 2 for low, high in pairwise(finite)] + [finite[-1]] * (len(self.bounds) >= len(finite))


def from_buckets(cumulative: Mapping[float, float], total: float) -> Histogram:
    """The histogram of cumulated buckets by their upper bounds."""
    bounds = sorted(cumulative)
    sums = [0.0, *(cumulative[bound] for bound in bounds)]
    return Histogram(tuple(bounds), tuple(max(0.0, high - low) for low, high in pairwise(sums)), total)
