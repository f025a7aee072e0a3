"""Caps are kept exactly, shared out, never down to nothing, and told where they turn somebody away."""

import contextlib
import time

import pytest

from sidecar.policy.settings.model import Overload
from sidecar.proxy.downstream.admission import Admission
from sidecar.proxy.reasons import RefusedError


@pytest.fixture
def admission():
    def make(*, share=1, fit=1000, clock=time.monotonic, **limits):
        def told(reason):
            return reason.code.encode()

        return Admission(lambda: Overload(**limits), told, fit=fit, share=share, clock=clock)

    return make


def let_in(admission) -> int:
    """How many connections come in before one is turned away."""
    count = 0
    while admission.entered() is None:
        count += 1
    return count


@pytest.mark.parametrize(
    ("limit", "share", "fit", "most"), [(5, 1, 1000, 5), (9, 2, 1000, 4), (3, 8, 1000, 1), (50, 1, 7, 7)]
)
def test_so_many_connections_come_in(admission, limit, share, fit, most):
    assert let_in(admission(max_connections=limit, share=share, fit=fit)) == most


def test_who_leaves_makes_room_for_one(admission):
    full = admission(max_connections=2)
    let_in(full)
    full.left()
    assert let_in(full) == 1


def test_those_turned_away_are_told_only_up_to_a_number(admission):
    full = admission(max_connections=1, fit=80)
    let_in(full)
    answers = [full.entered().answer for _ in range(12)]
    assert answers == [b"too_many_connections"] * 9 + [b""] * 3


@pytest.mark.parametrize(
    ("limits", "why"),
    [
        ({"max_connections": 2}, "2 are connected, all that overload.max_connections allows"),
        ({"max_connections": 9, "share": 4}, "2 are connected, all that overload.max_connections allows"),
        ({"fit": 2}, "2 are connected, all that the limit of open files (ulimit -n) allows"),
    ],
)
def test_the_log_tells_which_cap_turns_clients_away(admission, caplog, limits, why):
    let_in(admission(**limits))
    (record,) = caplog.records
    assert (record.levelname, record.getMessage()) == ("ERROR", f"clients are turned away: {why}")


def test_a_crowd_that_is_turned_away_is_one_line_in_some_seconds(admission, caplog):
    times = iter([0.0, 1.0, 9.9, 10.0])
    full = admission(max_connections=1, clock=lambda: next(times))
    full.entered()
    for _ in range(4):
        full.entered()
    first, second = [record.getMessage() for record in caplog.records]
    assert "more since" not in first
    assert second.endswith("(2 more since this was told last)")


def test_an_upload_is_counted_until_it_ends_however_it_ends(admission):
    full = admission(max_uploads=1)
    with contextlib.suppress(ZeroDivisionError), full.upload():
        assert not full.has_room_for_upload
        with pytest.raises(RefusedError, match="too_many_uploads"), full.upload():
            pass
        raise ZeroDivisionError
    assert full.has_room_for_upload
