"""Policies that let in files which are larger than what is examined are told, with the settings that meet."""

import pytest

from sidecar.cli.config_file import settings_of_checks
from sidecar.inspection.catalogue import all_checks
from sidecar.inspection.check import Check
from sidecar.inspection.unexaminable import unexaminable
from sidecar.policy.loading.load import load

LARGE = "max_body: 1GiB, max_file: 1GiB"
WHOLE = [name for name, check in all_checks().items() if check.examine is not Check.examine]


def told(text):
    return [problem.text() for problem in unexaminable(load(text, {}, settings_of_checks()))]


def sentence(setting, size, most="256MiB"):
    return (
        f"{setting}: files of more than isolation.max_file that a check wants to see whole are not examined, and so "
        f"refused; expected at most {most}, or a larger isolation.max_file, or not_examined: forward, got {size}"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"policies: {{a: {{{LARGE}}}}}\nroutes: [{{path: /a, policy: a}}]", [sentence("policies.a.max_file", "1GiB")]),
        ("policies: {default: {max_body: 300MiB}, a: {max_body: 257MiB, max_file: 257MiB}}",
         [sentence("policies.a.max_file", "257MiB")]),
        (f"policies: {{default: {{{LARGE}}}, a: {{max_body: 300MiB}}}}",
         [sentence("policies.default.max_file", "1GiB"), sentence("policies.a.max_body", "300MiB")]),
        ("isolation: {max_file: 10MiB}", [sentence("policies.default.max_file", "32MiB", "10MiB")]),
    ],
)  # fmt: skip
def test_a_size_that_is_let_in_and_not_examined_is_told_with_its_setting(text, expected):
    assert told(text) == expected


@pytest.mark.parametrize(
    ("text", "kept", "expected"),
    [
        ("policies: {default: {inside: {max_kept: 100MiB}}}", "100MiB", ("85MiB", "300MiB")),
        ("policies: {default: {inside: {max_kept: 100MiB}, not_examined: forward}}", "100MiB", ("85MiB", "300MiB")),
        ("isolation: {memory: 128MiB}", "64MiB", ("42MiB", "192MiB")),
    ],
)
def test_what_is_kept_of_files_within_files_and_has_no_room_is_told_with_both_settings(text, kept, expected):
    (sentence,) = told(text)
    assert sentence == (
        "policies.default.inside.max_kept: files within files are kept in the memory of a worker, and isolation.memory "
        f"has no room for them; expected at most {expected[0]}, or an isolation.memory of at least {expected[1]}, "
        f"got {kept}"
    )


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "isolation: {memory: 300MiB}\npolicies: {default: {inside: {max_kept: 100MiB}}}",
        "isolation: {memory: 128MiB}\npolicies: {default: {checks: off}}",
        f"isolation: {{max_file: 1GiB}}\npolicies: {{default: {{{LARGE}}}}}",
        f"policies: {{default: {{{LARGE}, not_examined: forward}}}}",
        f"policies: {{default: {{{LARGE}, checks: off}}}}",
        f"policies: {{default: {{{LARGE}, checks: {{{', '.join(f'{name}: off' for name in WHOLE)}}}}}}}",
        f"policies: {{default: {{{LARGE}, checks: {{{', '.join(f'{name}: {{mode: monitor}}' for name in WHOLE)}}}}}}}",
        "policies: {default: {max_body: 256MiB}, films: {preset: media}}",
    ],
)
def test_what_is_examined_or_goes_on_without_is_not_told(text):
    assert told(text) == []
