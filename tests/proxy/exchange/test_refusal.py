"""Problems as the contract has them."""

import json

import pytest

from sidecar.inspection.finding import Finding
from sidecar.proxy import reasons
from sidecar.proxy.exchange.refusal import answer, detail, problem

MEMBERS = ["type", "title", "status", "detail", "code", "failed", "expected", "actual", "part", "retry", "request_id"]


@pytest.mark.parametrize("reason", reasons.REASONS, ids=lambda reason: reason.code)
def test_every_reason_makes_a_whole_problem(reason):
    members = problem(Finding(reason), "id")
    assert list(members) == MEMBERS
    assert members["retry"] in {"never", "safe", "unknown"}
    assert all(members[name] for name in MEMBERS if name not in {"actual", "part"})


@pytest.mark.parametrize("reason", reasons.REASONS, ids=lambda reason: reason.code)
def test_every_reason_makes_a_whole_answer(reason):
    head, _, body = answer(Finding(reason), "id", version=(1, 1), keep_alive=False).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % reason.status)
    assert b"Content-Type: application/problem+json" in head
    assert b"Content-Length: %d" % len(body) in head
    assert b"Connection: close" in head
    assert json.loads(body)["code"] == reason.code


def test_overload_says_when_to_come_back():
    assert b"\r\nRetry-After: " in answer(Finding(reasons.SPOOL_FULL), "id", version=(1, 1), keep_alive=True)


def test_the_answer_to_head_has_no_body():
    assert answer(Finding(reasons.INTERNAL), "id", version=(1, 1), keep_alive=True, head_only=True).endswith(
        b"\r\n\r\n"
    )


def test_the_detail_says_what_where_and_what_to_do():
    finding = Finding(reasons.SPOOL_FULL, actual="9 of 9", expected="more", part="avatar")
    assert detail(finding) == (
        "There is no room to hold the upload (part `avatar`): 9 of 9. Expected: more. " + reasons.SPOOL_FULL.advice
    )


def test_codes_are_unique():
    codes = [reason.code for reason in reasons.REASONS]
    assert len(codes) == len(set(codes))
