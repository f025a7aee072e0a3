"""Lists of known files are read with the configuration, and read again when they change."""

import hashlib

import pytest

from sidecar.cli.config_file import build_config
from sidecar.policy.loading.problem import ConfigError
from tests.proxy.control.conftest import live_of


def digest(text):
    return hashlib.sha256(text).digest()


@pytest.fixture
def bad(tmp_path):
    path = tmp_path / "bad.sha256"
    path.write_text(f"{digest(b'one').hex()}\n")
    return path


@pytest.fixture
def live(tmp_path, bad):
    config = tmp_path / "sidecar.yaml"
    config.write_text(f"policies: {{default: {{checks: {{known_files: {{deny: [{bad}]}}}}}}, other: {{}}}}\n")
    return live_of(config)


def denied(live, policy="default"):
    (digests,) = live.current.config.policies[policy].checks["known_files"].denied
    return digests


def test_a_list_is_read_with_the_configuration_and_holds_in_policies_that_inherit_it(live):
    assert digest(b"one") in denied(live)
    assert digest(b"one") in denied(live, "other")


def test_a_changed_list_is_in_force_at_the_next_poll(live, bad):
    bad.write_text(f"{digest(b'two').hex()}  two\n")
    live.poll()
    assert digest(b"two") in denied(live)
    assert digest(b"one") not in denied(live)


def test_an_unchanged_list_changes_nothing(live):
    before = live.current
    live.poll()
    assert live.current is before


def test_a_list_that_breaks_or_goes_away_leaves_the_last_good_one_in_force(live, bad):
    bad.write_text("not a digest\n")
    live.poll()
    live.poll()
    assert "line 1 is not the SHA-256 of a file" in live.last_error
    bad.unlink()
    live.poll()
    assert "cannot be read: No such file" in live.last_error
    assert digest(b"one") in denied(live)
    bad.write_text(f"{digest(b'two').hex()}\n")
    live.poll()
    assert (digest(b"two") in denied(live), live.last_error) == (True, "")


def test_every_list_that_cannot_be_read_is_told_at_once(tmp_path):
    text = f"policies: {{default: {{checks: {{known_files: {{deny: [{tmp_path}/a], allow: [{tmp_path}/b]}}}}}}}}"
    with pytest.raises(ConfigError) as caught:
        build_config(text.encode(), {}, {})
    assert [problem.path for problem in caught.value.problems] == [
        "policies.default.checks.known_files.deny",
        "policies.default.checks.known_files.allow",
    ]
