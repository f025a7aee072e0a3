"""The page of a refusal: what a person needs, and nothing that runs."""

import re
from dataclasses import replace

import pytest

from sidecar.inspection.checks.forbidden_suffixes import SUFFIX_FORBIDDEN
from sidecar.inspection.finding import Finding
from sidecar.proxy import reasons
from sidecar.proxy.exchange.refusal_page import FIELDS, page


def test_it_says_what_was_wrong_what_to_do_and_the_number():
    told = page(Finding(SUFFIX_FORBIDDEN, ".php in shell.php", "a name without the suffix .php"), "0123abcd").decode()
    assert all(words in told for words in (SUFFIX_FORBIDDEN.title, ".php in shell.php", "a name without", "0123abcd"))


def test_it_leaves_out_what_is_for_operators():
    reason = replace(SUFFIX_FORBIDDEN, advice="Send another file. Operators: files.deny_suffixes.")
    told = page(Finding(reason), "id").decode()
    assert "<p>Send another file.</p>" in told
    assert "Operators" not in told


@pytest.mark.parametrize("reason", reasons.REASONS, ids=lambda reason: reason.code)
def test_nothing_on_it_is_markup_but_its_own(reason):
    told = page(Finding(reason, "<script>\"'&", "<b>"), "<i>").decode()
    assert set(re.findall(r"<(\w+)", told)) <= {"html", "head", "meta", "title", "style", "body", "h1", "p", "code"}


def test_its_fields_let_nothing_run():
    policy = dict(FIELDS)[b"Content-Security-Policy"]
    assert policy.startswith(b"default-src 'none'; style-src 'sha256-")
