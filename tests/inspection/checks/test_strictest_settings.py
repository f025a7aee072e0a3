"""Where several policies hold, each setting of each check has the stricter of their values."""

from itertools import pairwise
from typing import Literal, get_args, get_origin

import pytest

from sidecar.cli.config_file import settings_of_checks
from sidecar.policy.loading.load import load
from sidecar.policy.loading.tree import bare
from sidecar.policy.routing.router import Router
from sidecar.policy.settings.base import fields_of

PASS_OR_REFUSE = ("pass", "refuse")
PASS_JUDGE_OR_REFUSE = ("pass", "judge", "refuse")
FROM_LENIENT_TO_STRICT = {
    "active_text": dict.fromkeys((
        "scripts", "handlers", "addresses", "foreign_objects", "embedded", "references", "entities", "stylesheets",
        "refreshes",
    ), PASS_OR_REFUSE),
    "archives": {"max_ratio": (11, 10), "links": PASS_OR_REFUSE},
    "field_names": dict.fromkeys(("mixed", "repeated_texts", "repeated_files", "rewritten"), PASS_OR_REFUSE),
    "file_names": {"max_length": (13, 12), "server_files": ((), ("a",), ("a", "b"))},
    "forbidden_suffixes": {"anywhere": ((), ("a",), ("a", "b"))},
    "image_delegates": {"postscript": ("judge", "refuse")},
    "image_size": {
        **dict.fromkeys(("max_pixels", "max_side", "max_frames", "max_all_pixels"), (2, 1)),
        "unknown": ("pass", "not_examined"),
    },
    "image_structure": {"trailing": ("pass", "cameras", "refuse")},
    "known_files": {"deny": ((), ("/a",), ("/a", "/b")), "allow": ((), ("/a",))},
    "office": {
        **dict.fromkeys(("macros", "activex", "dde", "remote", "doctype", "programs", "unread"), PASS_OR_REFUSE),
        "embedded": PASS_JUDGE_OR_REFUSE,
    },
    "ole": {
        **dict.fromkeys(("macros", "equations", "remote", "dde", "installers", "unread"), PASS_OR_REFUSE),
        "packages": PASS_JUDGE_OR_REFUSE,
    },
    "pdf": {
        **dict.fromkeys(
            ("javascript", "launch", "form_actions", "remote", "rich_media", "xfa", "unread"), PASS_OR_REFUSE
        ),
        **dict.fromkeys(("attachments", "encrypted"), PASS_JUDGE_OR_REFUSE),
    },
    "polyglot": {"films": (False, True), "others": (False, True)},
    "rtf": dict.fromkeys(("objects", "remote", "dde"), PASS_OR_REFUSE),
    "spreadsheet_formulas": dict.fromkeys(("programs", "calls", "links"), PASS_OR_REFUSE),
    "type_agreement": {"declared": (False, True), "images": (False, True)},
}  # fmt: skip
CHECKS = settings_of_checks()
SETTINGS = [(check, setting) for check in CHECKS for setting in fields_of(CHECKS[check])]


def values_of(check, setting):
    return ("monitor", "enforce") if setting == "mode" else FROM_LENIENT_TO_STRICT[check][setting]


@pytest.mark.parametrize(("check", "setting"), SETTINGS)
def test_of_every_setting_of_every_check_the_stricter_value_holds_whichever_comes_first(check, setting):
    values = values_of(check, setting)
    for weak, strict in pairwise(values):
        one, other = (CHECKS[check](**{setting: value}) for value in (weak, strict))
        assert getattr(one.strictest(other), setting) == strict
        assert getattr(other.strictest(one), setting) == strict


@pytest.mark.parametrize(("check", "setting"), SETTINGS)
def test_every_word_of_a_choice_has_its_place_in_the_test_above(check, setting):
    kind = bare(fields_of(CHECKS[check])[setting])
    if get_origin(kind) is Literal:
        assert sorted(get_args(kind)) == sorted(values_of(check, setting))


LENIENT_FORMS = """\
mode: enforce
policies:
  default: {}
  forms: {checks: {pdf: {javascript: pass, encrypted: refuse}}}
  strict: {checks: {pdf: {attachments: refuse}}}
routes:
  - {path: /forms, policy: forms}
  - {path: /api}
  - {path: /strict, policy: strict}
"""


def pdf_of(path, *moved):
    match = Router(load(LENIENT_FORMS, {}, CHECKS)).match("POST", path, moved)
    settings = match.policy.checks.get("pdf", CHECKS["pdf"]())
    return settings.javascript, settings.encrypted, settings.attachments


def test_a_path_that_is_read_in_two_ways_is_not_held_to_the_exception_of_one():
    assert pdf_of("/forms/x") == ("pass", "refuse", "judge")
    assert pdf_of("/forms/%2e%2e/api/x") == ("refuse", "refuse", "judge")
    assert pdf_of("/forms/..%2fstrict/x") == ("refuse", "refuse", "refuse")


@pytest.mark.parametrize("path", ["/api/x", "/other"])
def test_a_field_that_names_another_path_does_not_bring_the_exception_of_that_path(path):
    assert pdf_of(path, ("POST", "/forms")) == ("refuse", "refuse", "judge")
