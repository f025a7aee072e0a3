"""What the switches hold: nothing that is said may keep another rung from being heard."""

import pytest

from sidecar.policy.settings.base import Mode
from sidecar.proxy.control.switches import LONGEST_WORD, Switches

NOW = 1_800_000_000.0
KEY = "upload-sidecar/mode"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "mode"


@pytest.fixture
def switches():
    return Switches(lambda: NOW)


@pytest.mark.parametrize("seconds", [LONGEST_WORD, 1e12, 1e300, float("inf")])
def test_a_word_for_any_time_has_an_end_that_can_be_told(switches, seconds):
    switches.say(Mode.OFF, seconds)
    (rung,) = switches.rungs()
    assert (rung.mode, rung.note) == (Mode.OFF, "until 2028-01-16 08:00:00 UTC")


def test_a_word_that_was_said_for_a_time_ends_with_it():
    now = [NOW]
    switches = Switches(lambda: now[0])
    switches.say(Mode.OFF, 60)
    assert "until 2027-01-15 08:01:00 UTC" in switches.rungs()[0].note
    assert not switches.look()
    now[0] += 61
    assert switches.look()
    assert switches.rungs()[0].mode is None


def test_a_word_without_a_time_holds_until_it_is_taken_back(switches):
    switches.say(Mode.OFF)
    assert (switches.rungs()[0].mode, switches.rungs()[0].note) == (Mode.OFF, "until cleared or restarted")
    assert not switches.look()
    switches.say(None)
    assert switches.rungs()[0].mode is None


def test_a_worker_obeys_its_supervisor_alone(path):
    path.write_text("off")
    switches = Switches(lambda: NOW, handed=Mode.MONITOR)
    switches.follow(str(path), KEY)
    assert [rung.mode for rung in switches.rungs()] == [Mode.MONITOR]
    assert not switches.has_file


def test_the_same_file_is_followed_on_over_a_reload(switches, path):
    path.write_text("enforce")
    switches.follow(str(path), KEY)
    path.write_text("nonsense")
    assert [switches.look(), switches.look()] == [False, True]
    switches.follow(str(path), KEY)
    assert switches.rungs()[0].mode is Mode.ENFORCE
    switches.follow("", KEY)
    assert [rung.source for rung in switches.rungs()] == ["control"]
