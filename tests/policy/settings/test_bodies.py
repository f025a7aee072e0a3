"""Settings of uploads that are not forms."""

import pytest

from sidecar.policy.settings import bodies
from sidecar.policy.settings.bodies import Bodies


def test_a_coding_without_its_library_is_an_error_that_says_how_to_get_it(only, monkeypatch):
    monkeypatch.setattr(bodies, "_is_installed", lambda _: False)
    problem = only("policies: {default: {bodies: {encodings: [gzip, br]}}}")
    assert problem.path == "policies.default.bodies.encodings[1]"
    assert "pip install '.[brotli]' in the checkout" in problem.expected


def test_every_coding_is_there_with_its_library(read):
    read("policies: {default: {bodies: {encodings: [gzip, deflate, br, ZSTD]}}}")


@pytest.mark.parametrize("member", ["avatar", "/a/b", "/a~1b/*/c~0d"])
def test_members_are_named_or_pointed_at(member):
    assert Bodies(json_files=(member,)).json_files == (member,)


@pytest.mark.parametrize("member", ["''", "/", "/a//b", "/a~2b", "/a/", "pages/0/scan"])
def test_what_points_nowhere_is_an_error(only, member):
    problem = only(f"policies: {{default: {{bodies: {{json_files: [{member}]}}}}}}")
    assert "JSON pointer" in problem.expected


def test_a_policy_takes_over_what_it_does_not_say(read):
    text = "policies: {default: {bodies: {uninspected: [], encodings: [gzip]}}, own: {bodies: {json_files: [a]}}}"
    own = read(text).policies["own"].bodies
    assert (own.uninspected, own.encodings, own.json_files) == ((), ("gzip",), ("a",))
