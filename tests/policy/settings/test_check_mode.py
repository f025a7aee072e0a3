import pytest

from sidecar.cli.config_file import settings_of_checks
from sidecar.inspection.catalogue import all_checks
from sidecar.policy.loading.load import load
from sidecar.policy.routing.strictest import strictest
from sidecar.policy.settings.base import fields_of
from sidecar.policy.settings.check_mode import MODE, CheckMode, monitors, with_mode
from sidecar.policy.settings.model import Policy, Settings
from tests.policy.conftest import NamesSettings

CHECKS = {"names": with_mode(NamesSettings), "types": with_mode(Settings)}


def checks_of(text, environ=None):
    return load(text, environ or {}, CHECKS).policies["default"].checks


@pytest.mark.parametrize("name", all_checks())
def test_no_check_has_a_setting_of_its_own_that_is_called_mode(name):
    assert MODE not in fields_of(all_checks()[name].settings_type)
    assert MODE in fields_of(settings_of_checks()[name])


def test_a_check_keeps_its_settings_and_gains_a_mode():
    checks = checks_of("policies: {default: {checks: {names: {mode: Monitor, longest: 7}}}}")
    assert (checks["names"].mode, checks["names"].longest, checks["names"].strict) == ("monitor", 7, True)
    assert isinstance(checks["names"], NamesSettings)


def test_a_check_without_settings_has_a_mode_too():
    assert checks_of("policies: {default: {checks: {types: {mode: monitor}}}}") == {"types": CheckMode(mode="monitor")}


def test_a_check_enforces_unless_it_is_told_otherwise():
    assert not monitors(checks_of("policies: {default: {checks: {names: {longest: 7}}}}")["names"])
    assert not monitors("on")
    assert not monitors("off")


def test_the_mode_of_a_check_can_come_from_the_environment():
    assert monitors(checks_of("{}", {"SIDECAR_POLICIES__DEFAULT__CHECKS__NAMES__MODE": "monitor"})["names"])


def test_a_named_policy_inherits_the_mode_of_a_check_and_can_take_it_back():
    config = load(
        "policies: {default: {checks: {names: {mode: monitor}}}, a: {checks: {names: on}},"
        " b: {checks: {names: {mode: enforce}}}}", {}, CHECKS,
    )  # fmt: skip
    assert [monitors(config.policies[name].checks["names"]) for name in ("default", "a", "b")] == [True, True, False]


def test_an_unknown_mode_is_an_error_that_says_which_there_are(only):
    from sidecar.policy.loading.problem import ConfigError  # noqa: PLC0415

    with pytest.raises(ConfigError) as wrong:
        checks_of("policies: {default: {checks: {names: {mode: off}}}}")
    (problem,) = wrong.value.problems
    assert (problem.path, problem.line) == ("policies.default.checks.names.mode", 1)
    assert problem.expected == "enforce or monitor"


MONITOR, ENFORCE = CHECKS["names"](mode="monitor", longest=3), CHECKS["names"](longest=3)


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (MONITOR, MONITOR, MONITOR),
        (MONITOR, "off", MONITOR),
        (MONITOR, "on", ENFORCE),
        (MONITOR, ENFORCE, ENFORCE),
    ],
)
def test_of_several_policies_a_check_refuses_if_any_wants_it_to(one, other, both):
    assert strictest([Policy(checks={"x": one}), Policy(checks={"x": other})]).checks == {"x": both}
    assert strictest([Policy(checks={"x": other}), Policy(checks={"x": one})]).checks == {"x": both}


def test_a_check_that_is_not_named_enforces():
    assert strictest([Policy(checks={"x": MONITOR}), Policy()]).checks == {"x": ENFORCE}


class Undecided(Settings):
    level: int = 3


def test_a_check_whose_settings_do_not_say_which_values_are_stricter_is_told_at_start():
    with pytest.raises(TypeError, match="does not say which of its values are stricter"):
        with_mode(Undecided)
