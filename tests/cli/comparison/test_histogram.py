import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.cli.comparison.histogram import from_buckets

INF = float("inf")


def test_a_quantile_is_interpolated_within_its_bucket():
    found = from_buckets({0.01: 50, 0.02: 90, 0.04: 100, INF: 100}, 1.0)
    assert found.quantile(0.5).value == pytest.approx(0.01)
    assert found.quantile(0.7).value == pytest.approx(0.015)
    assert found.quantile(0.95).within == (0.02, 0.04)
    assert found.quantile(0.95).low < found.quantile(0.95).value < found.quantile(0.95).high


def test_a_quantile_beyond_the_last_bound_is_at_least_that_bound():
    found = from_buckets({0.01: 0, INF: 100}, 100.0)
    assert (found.quantile(0.5).value, found.quantile(0.5).within) == (0.01, (0.01, INF))


def test_nothing_has_no_quantile_and_no_mean():
    assert from_buckets({}, 0).quantile(0.5) is None
    assert from_buckets({1.0: 0, INF: 0}, 0).mean() is None


def test_the_mean_is_exact_and_its_limits_shrink_with_the_number():
    few, many = (from_buckets({0: 0, 5: 50 * n, 10: 100 * n, INF: 100 * n}, 500 * n).mean() for n in (1, 100))
    assert few.value == many.value == 5
    assert few.high - few.low == pytest.approx(10 * (many.high - many.low), rel=0.01)


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=13), st.floats(0.01, 0.99))
def test_limits_surround_every_quantile(counts, part):
    sums = [sum(counts[: index + 1]) for index in range(len(counts))]
    bounds = [2.0**index for index in range(len(counts) - 1)] + [INF]
    found = from_buckets(dict(zip(bounds, sums, strict=True)), 1.0).quantile(part)
    if sums[-1]:
        assert 0 <= found.low <= found.value <= found.high
        assert not math.isnan(found.value)
