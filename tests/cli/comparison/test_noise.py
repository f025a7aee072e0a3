import math
import random

import pytest

from sidecar.cli.comparison.histogram import from_buckets
from sidecar.cli.comparison.noise import Word, change, rate, share
from tests.cli.comparison.windows import BOUNDS


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(10, 100, 0.0460, 0.2038), (0, 100, 0.0, 0.0622), (100, 100, 0.9378, 1.0), (1, 1000, 0.0001, 0.0089)],
)
def test_a_share_has_the_limits_of_wilson(part, whole, low, high):
    found = share(part, whole)
    assert found.value == part / whole
    assert (found.low, found.high) == (pytest.approx(low, abs=1e-3), pytest.approx(high, abs=1e-3))


def test_nothing_has_no_share_and_no_rate():
    assert share(0, 0) is None
    assert rate(5, 0) is None
    assert change(None, share(1, 100)) is None


def words(draw, times=400):
    found = [change(draw(), draw()).word for _ in range(times)]
    return found.count(Word.MOVED) / times


def test_equal_shares_seldom_seem_to_move():
    chance = random.Random(1)
    assert words(lambda: share(sum(chance.random() < 0.02 for _ in range(2000)), 2000)) <= 0.02


@pytest.mark.parametrize("part", [0.5, 0.95, 0.99])
def test_equal_times_seldom_seem_to_move(part):
    chance = random.Random(2)
    assert words(lambda: times(chance, 0.02).quantile(part), 150) <= 0.03


def times(chance, mean, number=1500):
    values = [chance.expovariate(1 / mean) for _ in range(number)]
    return from_buckets({bound: sum(value <= bound for value in values) for bound in BOUNDS}, math.fsum(values))


def test_a_real_change_is_seen():
    chance = random.Random(3)
    assert change(share(20, 2000), share(80, 2000)).word is Word.MOVED
    moved = change(times(chance, 0.02).quantile(0.95), times(chance, 0.04).quantile(0.95))
    assert moved.word is Word.MOVED
    assert 0 < moved.low < moved.value < moved.high


def test_few_cases_are_called_few():
    assert change(share(0, 20), share(20, 20)).word is Word.FEW
    chance = random.Random(4)
    assert change(times(chance, 0.02, 400).quantile(0.99), times(chance, 2, 400).quantile(0.99)).word is Word.FEW
