"""What the switches hold: nothing that is said may keep another rung from being heard."""

import pytest

from sidecar.policy.settings.base import Mode
from sidecar.proxy.control.switches import LONGEST_WORD, Switches

NOW = 1_800_000_000.0


@pytest.fixture
def switches():
    return Switches(lambda: NOW)


@pytest.mark.parametrize("seconds", [LONGEST_WORD, 1e12, 1e300, float("inf")])
def test_a_word_for_any_time_has_an_end_that_can_be_told(switches, seconds):
    switches.say(Mode.OFF, seconds)
    (rung,) = switches.rungs()
    assert (rung.mode, rung.note) == (Mode.OFF, "until 2028-01-16 08:00:00 UTC")


def test_a_word_without_a_time_holds_until_it_is_taken_back(switches):
    switches.say(Mode.OFF)
    assert switches.rungs()[0].note == "until cleared or restarted"
    assert not switches.look()
    switches.say(None)
    assert switches.rungs()[0].mode is None
