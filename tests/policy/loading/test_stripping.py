"""A policy that strips metadata says so where that can be done, and nowhere else."""

import json

import pytest

from sidecar.inspection.catalogue import all_checks
from sidecar.policy.loading.load import load
from sidecar.policy.loading.problem import ConfigError
from sidecar.policy.settings.check_mode import with_mode

STRIP = {"files": {"metadata": "Strip"}}
ON = {"checks": {"metadata_removal": "on"}}
OFF = {"checks": {"metadata_removal": "off"}}
COUNTS = {"checks": {"metadata_removal": {"mode": "monitor"}}}
CHECKS = {name: with_mode(check.settings_type) for name, check in all_checks().items()}


def problems(policies, *routes):
    try:
        load(json.dumps({"policies": policies, "routes": [{"path": "/a", **each} for each in routes]}), {}, CHECKS)
    except ConfigError as error:
        return [(problem.path, problem.expected) for problem in error.problems]
    return []


@pytest.mark.parametrize(
    ("policies", "route", "path"),
    [
        ({"default": STRIP}, {"delivery": "stream"}, "routes[0].delivery"),
        ({"default": STRIP}, {"body": "Original"}, "routes[0].body"),
        ({"a": STRIP}, {"policy": "a", "delivery": "stream"}, "routes[0].delivery"),
        ({"default": STRIP, "a": {}}, {"policy": "a", "body": "original"}, "routes[0].body"),
        ({"default": {**STRIP, "checks": "off"}}, {}, "policies.default.checks"),
        ({"default": {**STRIP, **OFF}}, {}, "policies.default.checks"),
        ({"default": {"checks": "off"}, "a": STRIP}, {}, "policies.default.checks"),
        ({"default": STRIP, "a": {"checks": "off"}}, {}, "policies.a.checks"),
    ],
)
def test_what_cannot_be_done_is_an_error_that_says_where_and_the_way_out(policies, route, path):
    ((where, expected),) = problems(policies, route)
    assert where == path
    assert expected.endswith("or files.metadata: keep")


def test_a_removal_that_only_counts_is_none():
    for own in ({}, ON, {"checks": "on"}, {"checks": None}, {"checks": {"metadata_removal": {}}}):
        ((where, _),) = problems({"default": COUNTS, "a": {**STRIP, **own}})
        assert where == "policies.default.checks"


@pytest.mark.parametrize(
    ("policies", "route"),
    [
        ({"default": STRIP}, {"delivery": "hold", "body": "canonical"}),
        ({"default": STRIP, "a": {"files": {"metadata": "keep"}}}, {"policy": "a", "delivery": "stream"}),
        ({"default": {}, "a": STRIP}, {"delivery": "stream"}),
        ({"default": {**STRIP, **ON}}, {}),
        ({"default": {"checks": "off"}, "a": {**STRIP, **ON}}, {}),
        ({"default": OFF, "a": {**STRIP, "checks": "on"}}, {}),
        ({"default": OFF, "a": {**STRIP, "checks": {"metadata_removal": {}}}}, {}),
        ({"default": {"checks": "off"}}, {"delivery": "stream", "body": "original"}),
    ],
)
def test_what_can_be_done_is_no_error(policies, route):
    assert problems(policies, route) == []


@pytest.mark.parametrize("odd", [None, 7, [], "x", {"default": 7}, {"default": {"files": 7, "checks": 7}}])
def test_what_is_no_policy_is_left_to_others(odd):
    assert all("metadata" not in expected for _, expected in problems(odd, {"delivery": "stream", "policy": 7}))
