"""What the audit log keeps of an upload is judged as the upload itself would be."""

import pytest

from sidecar.inspection.checks.known_files import KnownFilesSettings
from sidecar.inspection.finding import Finding
from sidecar.inspection.formats.digest_list import Digests
from sidecar.inspection.inspector import Inspector
from sidecar.inspection.recorded import PARTS_NOT_LISTED, REST_NOT_SEEN, TYPE_NOT_RECORDED, Judge, Recorded
from sidecar.policy.settings.check_mode import CheckMode
from sidecar.policy.settings.model import Files, Policy
from tests.auditing import inspected, line
from tests.corpus.files import documents, images, polyglots
from tests.inspection.judging import PNG, codes, events, feed, field, part_of
from tests.inspection.test_name_shape import NAMES

CONTENTS = {case.name: case.data() for family in (documents, images, polyglots) for case in family.CASES[:12]}
CONTENTS |= {
    "empty.txt": b"",
    "page.html": b"<!DOCTYPE html><p>",
    "data.csv": b"a,b\n1,2\n" * 9,
    "run.sh": b"#!/bin/sh\n",
}
POLICIES = {
    "default": Policy(),
    "pictures": Policy(files=Files(types=("image/png", "image/jpeg"))),
    "wide": Policy(files=Files(types=("image/*", "text/*", "application/pdf"))),
    "none": Policy(files=Files(types=())),
    "any suffix": Policy(files=Files(deny_suffixes=())),
    "some checks": Policy(
        checks={"type_agreement": {"images": False, "declared": False}, "file_names": {"max_length": 12}}
    ),
    "fields": Policy(
        checks={"field_names": {"mixed": "refuse", "repeated_texts": "refuse", "repeated_files": "refuse"}}
    ),
    "small": Policy(max_file=100, max_field=3, max_files=1, max_parts=2, max_body=5000),
    "off": Policy(checks="off"),
}
RECORDED_UNDER = Policy(max_file=1 << 40, max_body=1 << 40, max_files=50)


def again(judge: Judge, found) -> set[str]:
    return {code for code in found if code in judge._again}


def both_ways(parts, policy, identify):
    """The codes that an inspection finds, and those that its recording under another policy gives."""
    judge = Judge(policy)
    inspector = inspected(parts, policy, identify)[0]
    recorded = line(parts, RECORDED_UNDER, identify).upload
    return again(judge, codes(inspector.verdict().findings)), again(judge, codes(judge.judge(recorded).findings))


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
def test_a_recorded_file_is_judged_as_the_file_itself(policy, identify):
    for name, data in CONTENTS.items():
        for sent in (name, "photo.png", f"{name}.txt"):
            for declared in (None, b"image/png", b"application/octet-stream"):
                itself, recorded = both_ways([(part_of(sent, declared), data)], policy, identify)
                assert recorded - {"body_too_large"} == itself - {"body_too_large"}, (name, sent, declared)


@pytest.mark.parametrize("name", NAMES)
def test_a_recorded_name_is_judged_as_the_name_itself(name, identify):
    for policy in POLICIES.values():
        itself, recorded = both_ways([(part_of(name), PNG)], policy, identify)
        assert recorded == itself


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
def test_recorded_fields_and_counts_are_judged_as_themselves(policy, identify):
    forms = [
        [(field(b"a", 0), b"1"), (field(b"a", 1), b"2"), (field(b"b", 2), b"34567")],
        [(part_of("a.png", index=0, name=b"x"), PNG), (part_of("b.png", index=1, name=b"x"), PNG)],
        [(field(b"x", 0), b""), (part_of("b.png", index=1, name=b"x"), PNG)],
        [(field(f"f{n}".encode(), n), b"x" * n) for n in range(6)],
    ]
    for parts in forms:
        itself, recorded = both_ways(parts, policy, identify)
        assert recorded == itself


def test_the_size_of_the_body_is_judged():
    policy = Policy(max_body=1000)
    assert codes(Judge(policy).judge(Recorded(size=1001)).findings) == ["body_too_large"]
    assert Judge(policy).judge(Recorded(size=1000)).findings == ()


def test_a_list_of_known_files_is_judged_by_the_digests(identify):
    recorded = line([(part_of("a.png", b"image/png"), PNG)], RECORDED_UNDER, identify).upload
    digest = bytes.fromhex(recorded.listed_files[0].sha256)
    deny = KnownFilesSettings(deny=("/list",)).with_digests((Digests(frozenset({digest})),), ())
    allow = KnownFilesSettings(allow=("/list",)).with_digests((), (Digests(frozenset({digest[::-1]})),))
    assert codes(Judge(Policy(checks={"known_files": deny})).judge(recorded).findings) == ["file_known_bad"]
    assert codes(Judge(Policy(checks={"known_files": allow})).judge(recorded).findings) == ["file_not_listed"]


def found_then(*reasons):
    return Recorded(size=1, findings=tuple(map(Finding, reasons)))


def reason_of(code):
    from sidecar.cli.labels import finding_reasons  # noqa: PLC0415

    return next(reason for reason in finding_reasons() if reason.code == code)


def test_what_needs_the_bytes_stays_as_it_was_found_while_its_check_is_on():
    upload = found_then(reason_of("pdf_javascript"))
    assert codes(Judge(Policy()).judge(upload).findings) == ["pdf_javascript"]
    assert Judge(Policy(checks={"pdf": "off"})).judge(upload).findings == ()
    assert Judge(Policy(checks="off")).judge(upload).findings == ()


def test_what_was_malformed_stays_so_whatever_the_policy():
    upload = found_then(reason_of("name_missing"))
    assert codes(Judge(Policy(checks="off")).judge(upload).findings) == ["name_missing"]


def test_a_check_that_only_counts_refuses_nothing_here_either():
    policy = Policy(files=Files(types=("image/gif",)), checks={"content_type_allowed": CheckMode(mode="monitor")})
    judgement = Judge(policy).judge(line([(part_of("a.png"), PNG)]).upload)
    assert codes(judgement.findings) == ["content_type_not_allowed"]
    assert judgement.refusal is None


def test_what_was_not_examined_counts_as_the_new_policy_says():
    upload = found_then(reason_of("examination_timed_out"))
    assert Judge(Policy()).judge(upload).refusal is not None
    assert Judge(Policy(not_examined="forward")).judge(upload).refusal is None


def test_an_inspection_that_a_refusal_ended_leaves_the_rest_unknown():
    parts = [(part_of("a.php"), PNG), (part_of("b.png", index=1), PNG)]
    upload = line(parts, Policy(), mode="enforce", stop=True).upload
    judgement = Judge(Policy(files=Files(deny_suffixes=()))).judge(upload)
    assert (judgement.refusal, judgement.unknown) == (None, REST_NOT_SEEN)


def test_a_file_that_was_never_looked_at_is_not_taken_for_an_empty_one():
    upload = line([(part_of("a.php"), PNG)], Policy(), mode="enforce", stop=True).upload
    pictures = Policy(files=Files(types=("image/png",), deny_suffixes=()))
    assert Judge(pictures).judge(upload).findings == ()


def test_types_that_nobody_asked_for_are_unknown():
    upload = line([(part_of("a.png"), PNG)], Policy(checks="off")).upload
    judgement = Judge(Policy(files=Files(types=("image/gif",)))).judge(upload)
    assert (judgement.findings, judgement.unknown) == ((), TYPE_NOT_RECORDED)


def test_parts_beyond_those_that_a_line_lists_are_unknown():
    parts = [(part_of("a.png", index=n), PNG) for n in range(40)]
    upload = line(parts, Policy(max_files=50)).upload
    assert (upload.files, len(upload.listed_files)) == (40, 32)
    assert Judge(Policy(max_files=50, checks={"pdf": "off"})).judge(upload).unknown == PARTS_NOT_LISTED
    assert codes(Judge(Policy()).judge(upload).findings) == ["files_over_limit"]


def test_checks_that_need_the_bytes_are_named():
    names = {check.name: check.but for check in Judge(Policy()).unjudged()}
    assert names["archives"] == ()
    assert names["file_names"] == ("file_name_too_long",)
    assert "content_type_allowed" not in names
    assert Judge(Policy(checks="off")).unjudged() == ()


def test_an_inspection_finds_the_same_with_and_without_a_recording(identify):
    said = events((part_of("a.php"), PNG), (field(b"b", 1), b"x"))
    plain = feed(Inspector(Policy(), identify, stop_at_first=False), said).verdict()
    noted = inspected([(part_of("a.php"), PNG), (field(b"b", 1), b"x")], Policy(), identify)[0].verdict()
    assert noted == plain
