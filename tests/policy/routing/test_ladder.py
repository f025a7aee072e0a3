from itertools import product

import pytest

from sidecar.policy.routing.ladder import Rung, configured, decide
from sidecar.policy.routing.strictest import lenient_mode
from sidecar.policy.settings.model import Config, Mode, Route

MODES = [Mode.OFF, Mode.MONITOR, Mode.ENFORCE]


def said(mode, file=None, control=None, routes=()):
    config = Config(mode=mode, routes=tuple(Route(path=f"/{number}", mode=each) for number, each in enumerate(routes)))
    return decide(
        configured("file", "sidecar.yaml", config),
        (Rung("mode_file", "the mode file", file), Rung("control", "POST", control)),
    )


@pytest.mark.parametrize(("mode", "file", "control"), list(product(MODES, [None, *MODES], [None, *MODES])))
def test_the_most_lenient_mode_that_is_said_is_in_force(mode, file, control):
    decision = said(mode, file, control)
    spoken = [each for each in (mode, file, control) if each is not None]
    assert decision.mode is lenient_mode(spoken)
    assert decision.cap is lenient_mode([Mode.ENFORCE, *spoken[1:]])


@pytest.mark.parametrize("mode", MODES)
def test_no_switch_raises_the_mode(mode):
    assert said(mode, Mode.ENFORCE, Mode.ENFORCE).mode is mode
    assert not said(mode, Mode.ENFORCE, Mode.ENFORCE).lowered


@pytest.mark.parametrize(
    ("mode", "file", "control", "source"),
    [
        (Mode.ENFORCE, None, None, "file"),
        (Mode.ENFORCE, Mode.OFF, None, "mode_file"),
        (Mode.ENFORCE, Mode.MONITOR, Mode.OFF, "control"),
        (Mode.ENFORCE, Mode.OFF, Mode.OFF, "mode_file"),
        (Mode.MONITOR, Mode.OFF, Mode.MONITOR, "mode_file"),
        (Mode.MONITOR, Mode.MONITOR, None, "file"),
        (Mode.OFF, Mode.OFF, Mode.OFF, "file"),
    ],
)
def test_who_decided_is_named(mode, file, control, source):
    decision = said(mode, file, control)
    assert decision.by.source == source
    assert decision.lowered == (source != "file")
    assert [rung.source for rung in decision.rungs] == ["file", "mode_file", "control"]


@pytest.mark.parametrize(
    ("mode", "routes", "switch", "lowered"),
    [
        (Mode.MONITOR, (), Mode.MONITOR, False),
        (Mode.MONITOR, (None, Mode.MONITOR, Mode.OFF), Mode.MONITOR, False),
        (Mode.MONITOR, (Mode.OFF, Mode.ENFORCE), Mode.MONITOR, True),
        (Mode.MONITOR, (Mode.OFF,), Mode.OFF, True),
        (Mode.ENFORCE, (Mode.MONITOR,), Mode.MONITOR, True),
        (Mode.OFF, (Mode.ENFORCE,), Mode.MONITOR, False),
        (Mode.OFF, (Mode.ENFORCE,), Mode.OFF, False),
    ],
)
def test_a_switch_holds_something_down_only_where_some_route_would_be_above_it(mode, routes, switch, lowered):
    decision = said(mode, control=switch, routes=routes)
    assert decision.lowered == lowered
    assert decision.by.source == ("control" if lowered else "file")
