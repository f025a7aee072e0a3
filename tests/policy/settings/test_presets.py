"""A preset stands over `default` and under what a policy says itself."""

from typing import get_args

import pytest

from sidecar.policy.settings.model import Policy
from sidecar.policy.settings.presets import PRESETS, PresetName
from sidecar.policy.values.suffixes import DEFAULT_DENY_SUFFIXES

MiB = 1024 * 1024
NAMES = [name for name in get_args(PresetName) if name != "none"]


def test_every_name_has_its_preset():
    assert set(PRESETS) == set(get_args(PresetName))


@pytest.mark.parametrize("name", NAMES)
def test_a_preset_brings_its_types(read, name):
    policy = read(f"policies: {{a: {{preset: {name}}}}}").policies["a"]
    assert policy.preset == name
    assert policy.files.types == PRESETS[name]["files"]["types"]
    assert set(policy.files.deny_suffixes) >= set(DEFAULT_DENY_SUFFIXES)


@pytest.mark.parametrize("name", NAMES)
def test_default_can_have_one_and_others_take_it_over(read, name):
    policies = read(f"policies: {{default: {{preset: {name}}}, a: {{max_parts: 3}}}}").policies
    assert policies["a"].files == policies["default"].files
    assert policies["a"].max_parts == 3


def test_what_a_policy_says_itself_wins(read):
    policy = read("policies: {a: {preset: media, max_file: 9MiB, files: {types: [audio/*]}}}").policies["a"]
    assert (policy.max_file, policy.max_body, policy.files.types) == (9 * MiB, 257 * MiB, ("audio/*",))


def test_a_preset_wins_over_default_and_leaves_what_it_does_not_say(read):
    policy = read(
        "policies: {default: {max_file: 1MiB, max_parts: 7, files: {types: [text/plain]}}, a: {preset: images}}"
    ).policies["a"]
    assert (policy.max_file, policy.max_parts) == (MiB, 7)
    assert "image/png" in policy.files.types
    assert "text/plain" not in policy.files.types


def test_suffixes_refused_by_default_stay_refused_beside_those_of_macros(read):
    policy = read("policies: {default: {files: {deny_suffixes: [foo]}}, a: {preset: documents}}").policies["a"]
    assert {"foo", "docm", "xlsm"} <= set(policy.files.deny_suffixes)
    own = read("policies: {a: {preset: documents, files: {deny_suffixes: [foo]}}}").policies["a"]
    assert own.files.deny_suffixes == ("foo",)


def test_none_says_nothing(read):
    assert read("policies: {a: {preset: none}}").policies["a"] == Policy()


def test_a_name_in_capitals_is_the_same_name(read):
    assert read("policies: {a: {preset: IMAGES}}").policies["a"].preset == "images"


@pytest.mark.parametrize("value", ["picture", "[images]", "7", "{}"])
def test_another_name_is_an_error_that_lists_those_there_are(only, value):
    problem = only(f"policies: {{a: {{preset: {value}}}}}")
    assert problem.path == "policies.a.preset"
    assert all(name in problem.expected for name in get_args(PresetName))


def test_limits_are_held_against_those_of_the_preset(read, only):
    assert read("policies: {a: {preset: media, max_file: 200MiB}}").policies["a"].max_file == 200 * MiB
    assert only("policies: {a: {preset: media, max_file: 300MiB}}").path == "policies.a.max_file"


def test_how_far_files_within_are_followed_is_taken_over_setting_by_setting(read):
    policies = read("policies: {default: {inside: {max_depth: 2}}, a: {inside: {max_files: 5}}}").policies
    assert (policies["a"].inside.max_depth, policies["a"].inside.max_files) == (2, 5)
