import pytest

from sidecar.cli.comparison.judgement import Word, judge, passed
from tests.cli.comparison.windows import baseline, traffic


def judged(bound, before, after):
    (one,) = judge([bound], *(baseline(each).window().figures() for each in (before, after)))
    return one


SLOW = (0, 0, 0, 700, 150, 50)


@pytest.mark.parametrize(
    ("bound", "after", "word"),
    [
        ("refused_ratio < 5%", {"bad": 10}, Word.MET),
        ("refused_ratio < 0.5%", {"bad": 100}, Word.MISSED),
        ("refused_ratio[default] < 0.5%", {"bad": 100}, Word.MISSED),
        ("refused_ratio < +1%", {"bad": 200}, Word.MISSED),
        ("would_refuse_ratio <= 0%", {"let_in": 30}, Word.MISSED),
        ("error_ratio < 1%", {"errors": 0}, Word.MET),
        ("p95 < 60ms", {"counts": SLOW}, Word.MISSED),
        ("p50 < x1.5", {}, Word.MET),
        ("p50 < x1.5", {"counts": SLOW}, Word.MISSED),
        ("p99 > -1ms", {"counts": SLOW}, Word.MET),
        ("requests_per_second >= 10", {}, Word.MET),
    ],
)
def test_a_bound_is_met_or_missed(bound, after, word):
    assert judged(bound, traffic(), traffic(**after)).word is word


@pytest.mark.parametrize(
    ("bound", "before", "after", "why"),
    [
        ("refused_ratio < 0.5%", {}, {}, "nothing was counted after the change"),
        ("p99 < +50ms", {}, traffic(), "nothing was counted before the change"),
        ("p99[avatars] < 50ms", traffic(), traffic(), "nothing was counted after the change on the route avatars"),
        ("cache_hit_ratio > 50%", traffic(), traffic(), "nothing was counted after"),
        ("refused_ratio < 5%", traffic(), traffic(good=10), "met as it looks, but too few requests to tell"),
        ("p99 < 300ms", traffic(), traffic(counts=(10, 40, 30, 8, 1, 1)), ""),
    ],
)
def test_what_nobody_can_tell_is_no_success(bound, before, after, why):
    one = judged(bound, before, after)
    assert one.word is (Word.UNKNOWN if why else Word.MET)
    assert one.why.startswith(why)
    assert passed([one]) is not bool(why)


def test_a_verdict_says_how_sure_it_is():
    near = judged("refused_ratio < 1%", traffic(), traffic(bad=8))
    assert near.word is Word.MET
    assert near.why.startswith("within noise: the real one lies between")
    coarse = judged("p50 < 9ms", traffic(), traffic(counts=(100, 8000, 300)))
    assert coarse.why == "the histogram knows only that it lies between 5 ms and 10 ms"
