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
    "text",
    [
        "{}",
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
