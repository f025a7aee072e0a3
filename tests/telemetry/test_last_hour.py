import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.telemetry.last_hour import MINUTES, LastHour, Sums, sums
from sidecar.telemetry.totals import Totals

NOON = 1_800_000_000.0 // 60 * 60


def test_uploads_are_told_apart_by_what_enforce_does_with_them():
    uploads = {
        ("clean", "forwarded"): 5, ("not_examined", "forwarded"): 2, ("bad", "forwarded"): 3, ("bad", "rejected"): 4,
        ("not_examined", "rejected"): 1, ("not_inspected", "rejected"): 6, ("clean", "rejected"): 1,
    }  # fmt: skip
    found = sums(Totals(uploads, {}, {"200": 10, "422": 5, "502": 2, "503": 1, "none": 1}))
    assert found == Sums(good=7, let_in=3, refused=5, broken_off=7, requests=19, failed=3, unanswered=1)
    assert found.answered == 15


def test_what_was_turned_away_and_lost_is_summed_up():
    found = sums(Totals({}, {}, turned_away={"spool_full": 2, "too_many_connections": 5}, lost={"log": 3}))
    assert found == Sums(turned_away=7, lost=3)


def test_what_failed_because_of_the_service_is_summed_up():
    found = sums(Totals({}, {}, failures={"upstream_timeout": 2, "upstream_unreachable": 1}))
    assert found == Sums(service_failed=3)


def test_what_came_on_top_belongs_to_the_minute_in_which_it_came():
    hour = LastHour()
    hour.note(NOON, Sums())
    hour.note(NOON + 20, Sums(good=2))
    hour.note(NOON + 60.05, Sums(good=5))
    hour.note(NOON + 120.05, Sums(good=5, refused=1))
    last = hour.minutes(NOON + 121)[-4:]
    assert [(at - NOON, found.good, found.refused) for at, found in last] == [
        (-60, 0, 0), (0, 5, 0), (60, 0, 1), (120, 0, 0)
    ]  # fmt: skip


def test_there_are_always_sixty_minutes_and_older_ones_are_forgotten():
    hour = LastHour()
    for minute in range(200):
        hour.note(NOON + 60 * minute, Sums(good=minute * 10))
    found = hour.minutes(NOON + 60 * 199)
    assert len(found) == MINUTES
    assert [sums.good for _, sums in found[:-1]] == [10] * (MINUTES - 1)
    assert len(hour._minutes) <= MINUTES + 1


def test_nothing_is_below_zero_where_sums_begin_anew():
    hour = LastHour()
    hour.note(NOON, Sums(good=100))
    hour.note(NOON + 60, Sums(good=3))
    assert min(sums.good for _, sums in hour.minutes(NOON + 60)) == 0


@given(st.lists(st.tuples(st.floats(0, 7200), st.integers(0, 50)), max_size=40))
def test_within_an_hour_everything_is_counted_once(steps):
    hour, now, so_far = LastHour(), NOON, 0
    hour.note(now, Sums())
    for pause, number in steps:
        now, so_far = now + min(pause, 60.0), so_far + number
        hour.note(now, Sums(good=so_far))
    if now - NOON < 3540:
        assert sum(found.good for _, found in hour.minutes(now)) == so_far


@pytest.mark.parametrize("now", [0.0, 59.9, NOON + 3599])
def test_the_present_minute_is_the_last(now):
    assert LastHour().minutes(now)[-1][0] <= now < LastHour().minutes(now)[-1][0] + 60
