import hashlib
import json
from dataclasses import replace

import pytest

from sidecar.inspection.file import FileRecord
from sidecar.policy.settings.model import Log
from sidecar.telemetry.outcome_event import event_of


def test_line_of_an_upload_tells_all(make_outcome, forbidden_suffix):
    outcome = make_outcome(status=415, verdict="bad", action="rejected", findings=(forbidden_suffix,))
    assert event_of(outcome, Log(names="plain")) == {
        "request_id": "r-1",
        "route": "avatars",
        "policy": "pictures",
        "mode": "enforce",
        "method": "POST",
        "status": 415,
        "verdict": "bad",
        "action": "rejected",
        "findings": [
            {
                "code": "forbidden_suffix",
                "failed": "file name",
                "expected": "another suffix",
                "actual": "php in shell.php",
                "part": "picture",
            }
        ],
        "parts": 1,
        "files": [
            {
                "field": "picture",
                "name": "holiday.png",
                "declared_type": "image/png",
                "content_type": "image/png",
                "size": 2048,
                "sha256": "ab" * 32,
            }
        ],
        "received": 2200,
        "forwarded": 2180,
        "duration_ms": 20.0,
        "overhead_ms": 3.0,
        "upstream_ms": 12.0,
        "stages": {"receive": 4.0, "inspect": 1.0, "spool": 0.5, "forward": 13.0},
    }


def test_request_that_is_no_upload_has_no_verdict(make_outcome):
    event = event_of(make_outcome(upload=False, verdict="", action=""), Log())
    assert not {"verdict", "action", "findings", "files"} & set(event)


def test_trouble_is_told_only_where_there_is_some(make_outcome):
    assert not {"error", "client_gone"} & set(event_of(make_outcome(), Log()))
    troubled = event_of(make_outcome(error="service_down", client_gone=True), Log())
    assert (troubled["error"], troubled["client_gone"]) == ("service_down", True)


@pytest.mark.parametrize("names", ["off", "hash"])
@pytest.mark.parametrize("by_reason", [True, False])
def test_file_names_are_not_readable_unless_asked_for(make_outcome, forbidden_suffix, names, by_reason):
    reason = replace(forbidden_suffix.reason, quotes_names=by_reason)
    finding = replace(forbidden_suffix, reason=reason, within=not by_reason)
    line = json.dumps(event_of(make_outcome(verdict="bad", action="rejected", findings=(finding,)), Log(names=names)))
    assert "holiday" not in line
    assert "shell" not in line
    assert finding.reason.code in line


def test_what_was_seen_elsewhere_is_told(make_outcome, forbidden_suffix):
    finding = replace(forbidden_suffix, reason=replace(forbidden_suffix.reason, quotes_names=False), actual="6 MiB")
    event = event_of(make_outcome(verdict="bad", action="rejected", findings=(finding,)), Log(names="off"))
    assert event["findings"][0]["actual"] == "6 MiB"


def test_file_names_are_digests_by_default(make_outcome):
    event = event_of(make_outcome(), Log())
    assert event["files"][0]["name_sha256"] == hashlib.sha256(b"holiday.png").hexdigest()[:16]


def test_hostile_texts_are_escaped_and_bounded(make_outcome):
    file = FileRecord("a\nb" * 90, '"><img src=x>\u202e' * 90, "x/\x1b" * 90, "text/plain", 1, "ab")
    outcome = make_outcome(method="GET\r\n" * 90, request_id="\x00" * 900, files=(file,))
    event = event_of(outcome, Log(names="plain"))
    texts = [event["method"], event["request_id"], *(str(value) for value in event["files"][0].values())]
    assert all(text.isascii() and text.isprintable() and len(text) <= 255 for text in texts)
    assert not set("".join(texts)) & set("<>\"'")


def test_upload_of_many_files_tells_of_the_first_fifty(make_outcome):
    file = FileRecord("f", "n", "", "", 1, "")
    event = event_of(make_outcome(files=(file,) * 60), Log())
    assert (len(event["files"]), event["files_left_out"]) == (50, 10)


def test_file_that_a_refusal_cut_short_has_no_figures(make_outcome):
    event = event_of(make_outcome(files=(FileRecord("f", "n", "image/png", "", 0, ""),)), Log(names="off"))
    assert event["files"] == [{"field": "f", "declared_type": "image/png", "whole": False}]
