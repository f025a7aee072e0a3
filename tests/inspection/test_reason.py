"""Every reason says what failed, what was expected and what to do."""

import re

import pytest

from sidecar.inspection.catalogue import inspection_reasons
from sidecar.inspection.reason import Retry, reason_of
from sidecar.multipart.grammar import RULES

REASONS = inspection_reasons()


@pytest.mark.parametrize("reason", REASONS, ids=lambda reason: reason.code)
def test_a_reason_is_complete(reason):
    assert re.fullmatch(r"[a-z][a-z0-9_]{2,39}", reason.code)
    assert reason.title[0].isupper()
    assert not reason.title.endswith(".")
    assert reason.status in {400, 413, 415, 422} or (reason.status == 503 and reason.retry is Retry.SAFE)
    assert reason.failed
    assert reason.expected
    assert reason.advice.endswith(".")
    assert reason.source or reason.not_examined


def test_codes_are_unique():
    codes = [reason.code for reason in REASONS]
    assert len(codes) == len(set(codes))


def test_a_rule_of_the_grammar_keeps_its_words():
    reason = reason_of(RULES[0])
    assert (reason.code, reason.title, reason.status) == (RULES[0].code, RULES[0].title, RULES[0].status)
    assert (reason.failed, reason.retry, reason.not_examined) == ("multipart grammar", Retry.NEVER, False)


def test_the_reasons_of_the_grammar_the_limits_and_the_checks_are_all_there():
    codes = {reason.code for reason in REASONS}
    assert {rule.code for rule in RULES} <= codes
    assert {"file_too_large", "body_too_large", "check_failed", "content_type_unknown"} <= codes
    assert {"suffix_forbidden", "file_name_path", "content_not_as_named", "content_type_not_allowed"} <= codes
