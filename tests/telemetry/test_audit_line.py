"""The line of one upload: what it tells, what it keeps to itself, and what hostile input makes of it."""

import json

import pytest

from sidecar.inspection.file import FileRecord
from sidecar.inspection.finding import Finding
from sidecar.policy.settings.audit import Audit
from sidecar.policy.settings.model import Policy
from sidecar.telemetry.audit_line import line_of
from tests.auditing import KEY, NOW, READER, outcome_of, written
from tests.inspection.judging import PNG, field, part_of

HOSTILE = "<script>\u202e\"'\x1b[2J&" * 700


def by_start(head):
    return "image/png" if head.startswith(PNG[:8]) else "text/html"


@pytest.fixture
def outcome():
    parts = [(field(b"title", 0), b"a cat"), (part_of("Anna Schmidt.png", b"image/png", index=1), PNG)]
    return outcome_of(parts, Policy(), by_start)


def test_a_line_tells_what_is_needed_to_judge_a_policy_later(outcome):
    told = written(outcome)
    assert told["ts"] == "2027-01-15T08:00:00.000Z"
    assert (told["v"], told["route"], told["path"], told["method"]) == (1, "route", "/upload", "POST")
    assert (told["mode"], told["enforced"], told["verdict"], told["action"]) == ("monitor", False, "clean", "forwarded")
    assert (told["parts"], told["files"], told["largest_field"], told["complete"]) == (2, 1, 5, True)
    assert told["fields"] == [{"field": "title", "size": 5}]
    file = told["listed"][0]
    assert (file["field"], file["declared_type"], file["content_type"], file["size"]) == (
        "f",
        "image/png",
        "image/png",
        16,
    )
    assert (file["suffixes"], file["name_bytes"], len(file["sha256"])) == (["png"], 16, 64)


@pytest.mark.parametrize(("names", "there"), [("off", set()), ("hashed", {"name_hmac"}), ("plain", {"name"})])
def test_a_name_is_told_as_the_settings_allow(outcome, names, there):
    file = written(outcome, names=names)["listed"][0]
    assert {"name", "name_hmac"} & file.keys() == there
    assert ("Schmidt" in json.dumps(file)) is (names == "plain")


def test_a_hashed_name_has_another_digest_under_another_key(outcome):
    told = [json.loads(line_of(outcome, Audit(), key, NOW))["listed"][0]["name_hmac"] for key in (KEY, KEY, b"x" * 32)]
    assert told[0] == told[1] != told[2]


def test_a_path_is_left_out_where_the_settings_say_so(outcome):
    assert "path" not in written(outcome, paths="off")


def test_findings_are_told_with_whether_they_refuse(outcome):
    bad = outcome_of([(part_of("a.php"), PNG)], Policy(), by_start)
    assert written(bad)["findings"][0] == {"code": "suffix_forbidden", "refuses": True, "part": "f"}


def test_an_upload_that_was_refused_was_not_inspected_to_its_end():
    bad = outcome_of([(part_of("a.php"), PNG)], Policy(), by_start, mode="enforce", stop=True)
    told = written(bad)
    assert (told["action"], told["complete"], told["listed"][0]["sha256"]) == ("rejected", False, "")


def test_an_upload_that_nobody_inspected_has_a_line_too(outcome):
    outcome.seen, outcome.files, outcome.verdict = None, (), "not_inspected"
    told = written(outcome)
    assert (told["complete"], told["listed"], told["verdict"]) == (False, [], "not_inspected")
    assert READER.read(line_of(outcome, Audit(), KEY, NOW)).upload.complete is False


def test_hostile_input_leaves_one_bounded_line_of_plain_ascii(outcome):
    outcome.request_id = outcome.method = outcome.route = HOSTILE
    outcome.seen.path = HOSTILE.encode()
    record = FileRecord(HOSTILE, HOSTILE + ".php" * 9, HOSTILE, HOSTILE, 1, "ab" * 32, (HOSTILE + "/x.php").encode())
    outcome.files = (record,) * 1000
    outcome.findings = (Finding(READER._reasons["suffix_forbidden"], HOSTILE[:80], part=HOSTILE[:80]),) * 32
    outcome.route = HOSTILE[:100]
    raw = line_of(outcome, Audit(names="plain"), KEY, NOW)
    assert len(raw) < 128 * 1024
    assert raw.count(b"\n") == 1
    assert not set(raw[:-1]) - set(range(0x20, 0x7F))
    assert not {ord(char) for char in "<>&'"} & set(raw)
    line = READER.read(raw)
    assert (line.upload.files, len(line.upload.listed_files)) == (1000, 32)
