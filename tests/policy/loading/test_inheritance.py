import pytest

from sidecar.policy.settings.model import Policy
from tests.policy.conftest import NamesSettings

MiB = 1024 * 1024


def test_there_is_always_a_default_policy(read):
    assert read("{}").policies == {"default": Policy()}
    assert read("policies: {a: {}}").policies == {"default": Policy(), "a": Policy()}


def test_what_a_policy_does_not_say_is_as_in_default_and_else_built_in(read):
    policies = read("policies: {avatars: {max_file: 5MiB}, default: {max_body: 10MiB, max_parts: 7}}").policies
    assert (policies["avatars"].max_file, policies["avatars"].max_body, policies["avatars"].max_parts) == (
        5 * MiB,
        10 * MiB,
        7,
    )
    assert policies["avatars"].max_field == Policy().max_field


def test_rules_on_files_are_taken_over_one_by_one_and_lists_as_a_whole(read):
    policies = read(
        "policies: {default: {files: {types: [image/*], deny_suffixes: [exe]}},"
        " a: {files: {types: [text/plain]}}, b: {files:}}"
    ).policies
    assert (policies["a"].files.types, policies["a"].files.deny_suffixes) == (("text/plain",), ("exe",))
    assert policies["b"].files == policies["default"].files


@pytest.mark.parametrize(
    ("default", "own", "result"),
    [
        ("{}", "{}", {}),
        ("off", None, "off"),
        ("off", "on", {}),
        ("on", "off", "off"),
        ("{names: off}", None, {"names": "off"}),
        ("{names: off}", "on", {"names": "on"}),
        ("{names: off}", "", {"names": "off"}),
        ("off", "", "off"),
        ("", "", {}),
        ("", "on", {}),
        ("{names: {strict: off}, types: off}", "on", {"names": NamesSettings(strict=False), "types": "on"}),
        ("{names: {strict: off}, types: off}", "", {"names": NamesSettings(strict=False), "types": "off"}),
        ("{names: {strict: off}}", "true", {"names": NamesSettings(strict=False)}),
        ("{names: off}", "off", "off"),
        ("{names: off}", "{types: off}", {"names": "off", "types": "off"}),
        ("{names: off}", "{names: on}", {"names": "on"}),
        ("{names: off}", "{names: {strict: on}}", {"names": NamesSettings(strict=True)}),
        ("{names: {strict: off}}", "{names: on}", {"names": NamesSettings(strict=False)}),
        ("{names: {strict: off}}", "{names: off}", {"names": "off"}),
        ("{names: {strict: off}}", "{names: {longest: 9}}", {"names": NamesSettings(strict=False, longest=9)}),
        ("off", "{names: on}", {"names": "on", "types": "off"}),
        ("false", "{names: true}", {"names": "on", "types": "off"}),
    ],
)
def test_checks_over_checks(read, default, own, result):
    second = "{}" if own is None else f"{{checks: {own}}}"
    assert read(f"policies: {{default: {{checks: {default}}}, a: {second}}}").policies["a"].checks == result


def test_a_strict_default_holds_in_every_policy_that_does_not_loosen_it(read):
    policies = read(
        "policies: {default: {not_examined: refuse, max_files: 1, files: {types: []}}, a: {}, b: {max_files: 2}}"
    ).policies
    assert [(policy.max_files, policy.files.types) for policy in policies.values()] == [(1, ()), (1, ()), (2, ())]
