"""The pure deadline of bodies."""

import pytest

from sidecar.proxy.sockets.deadline import Deadline


@pytest.mark.parametrize(
    ("waited", "elapsed", "moved", "patience"),
    [
        pytest.param(0, 0, 0, 30, id="at first a silence of idle is allowed"),
        pytest.param(10, 10, 0, 20, id="waiting uses up the grace"),
        pytest.param(30, 30, 0, 0, id="no byte within the grace is too slow"),
        pytest.param(30, 30, 10_000, 10, id="bytes earn time"),
        pytest.param(100, 100, 1_000_000, 30, id="never more than idle at once"),
        pytest.param(0, 3590, 10**9, 10, id="the cap holds however fast"),
        pytest.param(0, 3600, 10**9, 0, id="at the cap it is over"),
        pytest.param(5, 500, 0, 25, id="time spent on the other side is not counted"),
    ],
)
def test_patience_is_the_least_of_idle_rate_and_cap(waited, elapsed, moved, patience):
    deadline = Deadline(idle=30, min_rate=1000, cap=3600)
    assert deadline.patience(waited=waited, elapsed=elapsed, moved=moved) == patience


def test_without_a_rate_only_idle_and_cap_count():
    assert Deadline(idle=5, min_rate=0, cap=100).patience(waited=90, elapsed=90, moved=0) == 5
