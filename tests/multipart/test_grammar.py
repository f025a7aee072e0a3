"""The table of rules: complete, unique, readable, and every rule has a body that breaks it."""

import re

import pytest

from sidecar.multipart.grammar import NOTES, READ_ALIKE, RULES
from tests.multipart import refused, test_content_type, test_disposition, test_filename, test_part_type

TABLES = [
    refused.REFUSED.values(),
    test_content_type.REFUSED.values(),
    test_disposition.REFUSED.values(),
    test_filename.INVALID.values(),
    test_part_type.REFUSED.items(),
    [("a filename* that differs", "filename_conflict")],
]


def test_every_rule_is_broken_by_some_example():
    assert {code for table in TABLES for _, code in table} == {rule.code for rule in RULES}


def test_codes_are_unique():
    assert len({rule.code for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_rule_explains_itself(rule):
    assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)+", rule.code)
    assert rule.title[0].isupper()
    assert not rule.title.endswith(".")
    assert rule.expected
    assert rule.source
    assert rule.advice.endswith(".")
    assert rule.status in {400, 413, 415}


@pytest.mark.parametrize("code", ["name_not_utf8", "charset_field"])
def test_what_a_page_in_another_charset_sends_is_answered_with_what_mends_the_page(code):
    (rule,) = [rule for rule in RULES if rule.code == code]
    assert "accept-charset=utf-8" in rule.advice
    assert "quotes" not in rule.advice


def test_notes_are_named_like_rules():
    assert all(re.fullmatch(r"[a-z]+(_[a-z0-9]+)*", note) for note in NOTES)
    assert READ_ALIKE.issubset(NOTES)
