from itertools import product

import pytest

from sidecar.policy.ladder import Rung, decide
from sidecar.policy.model import Mode
from sidecar.policy.strictest import lenient_mode

MODES = [Mode.OFF, Mode.MONITOR, Mode.ENFORCE]


def said(configured, file=None, control=None):
    return decide(
        Rung("file", "sidecar.yaml", configured),
        (Rung("mode_file", "the mode file", file), Rung("control", "POST", control)),
    )


@pytest.mark.parametrize(("configured", "file", "control"), list(product(MODES, [None, *MODES], [None, *MODES])))
def test_the_most_lenient_mode_that_is_said_is_in_force(configured, file, control):
    decision = said(configured, file, control)
    spoken = [mode for mode in (configured, file, control) if mode is not None]
    assert decision.mode is lenient_mode(spoken)
    assert decision.cap is lenient_mode([Mode.ENFORCE, *spoken[1:]])


@pytest.mark.parametrize("configured", MODES)
def test_no_switch_raises_the_mode(configured):
    assert said(configured, Mode.ENFORCE, Mode.ENFORCE).mode is configured
    assert not said(configured, Mode.ENFORCE, Mode.ENFORCE).lowered


@pytest.mark.parametrize(
    ("configured", "file", "control", "source"),
    [
        (Mode.ENFORCE, None, None, "file"),
        (Mode.ENFORCE, Mode.OFF, None, "mode_file"),
        (Mode.ENFORCE, Mode.MONITOR, Mode.OFF, "control"),
        (Mode.ENFORCE, Mode.OFF, Mode.OFF, "mode_file"),
        (Mode.MONITOR, Mode.MONITOR, None, "mode_file"),
        (Mode.OFF, Mode.OFF, Mode.OFF, "file"),
    ],
)
def test_who_decided_is_named(configured, file, control, source):
    decision = said(configured, file, control)
    assert decision.by.source == source
    assert decision.lowered == (source != "file")
    assert [rung.source for rung in decision.rungs] == ["file", "mode_file", "control"]
