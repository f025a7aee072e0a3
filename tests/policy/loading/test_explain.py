"""What is expected is said in words, never as a pattern."""

import pytest

from sidecar.policy.loading.tree import settings_below
from sidecar.policy.settings.model import Config

PATTERNED = [
    setting.path
    for setting in settings_below(Config)
    if "[]" not in setting.path
    and any(mark.after and "pattern" in mark.schema for mark in getattr(setting.kind, "__metadata__", ()))
]


def test_there_are_settings_with_a_pattern():
    assert {"audit.file", "rollout.name", "spool.directory", "upstream.db_calls"} <= set(PATTERNED)


@pytest.mark.parametrize("path", PATTERNED)
def test_what_fits_no_pattern_is_answered_in_words(refuse, path):
    problems = [problem for problem in refuse("mode: off", flags={path: "a = b"}) if problem.message == "is not valid"]
    assert problems
    for problem in problems:
        assert " such as " in problem.expected
        assert not set("^$[]\\") & set(problem.expected)
