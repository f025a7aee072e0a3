"""The EICAR string is found wherever it stands and however it is cut."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.inspection.checks.eicar import TEST_STRING
from sidecar.inspection.examination import Examination
from sidecar.inspection.file import File
from sidecar.policy.settings.check_mode import CheckMode
from sidecar.policy.settings.model import Policy
from tests.corpus.files.packing import zipped
from tests.inspection.judging import codes, field, make, part_of, pieces

FOUND = ["eicar_found"]


def fed(data, cut=0, part=None):
    check, part = make("eicar"), part or part_of("a.bin")
    check.begin(part)
    return list(dict.fromkeys(code for chunk in pieces(data, cut) for code in codes(check.feed(part, chunk))))


@pytest.mark.parametrize("cut", [0, 1, 2, 5, 33, 66, 67, 68, 69, 1000])
@pytest.mark.parametrize("before", [b"", b"X5O!", bytes(100), b"X5O!P%@AP" * 30])
def test_the_string_is_found_at_every_border(before, cut):
    assert fed(before + TEST_STRING + b"\r\n", cut) == FOUND


@given(st.integers(0, 200), st.integers(1, 80))
def test_the_string_is_found_at_every_offset_in_every_cut(offset, cut):
    assert fed(bytes(offset) + TEST_STRING, cut) == FOUND


@pytest.mark.parametrize(("start", "found"), [(0, FOUND), (100, FOUND), (101, []), (150, [])])
def test_of_a_view_only_what_it_shows_is_searched(start, found):
    data = bytes(100) + TEST_STRING + bytes(400)
    assert fed(memoryview(data)[start:]) == found


def test_parts_of_the_string_are_no_finding():
    assert fed(TEST_STRING[:-1] + b"x" + TEST_STRING[1:], 10) == []


@pytest.mark.parametrize(
    ("setting", "refuses"), [("on", [True]), (CheckMode(mode="monitor"), [False]), ("off", [])], ids=str
)
def test_in_a_part_of_a_document_it_is_told_where_as_the_policy_says(setting, refuses):
    data = zipped(("mimetype", b"x"), ("a/b.xhtml", bytes(300_000) + TEST_STRING * 2))
    policy = Policy(checks={"eicar": setting})
    file = File(part_of("a.epub"), b"", "application/epub+zip", len(data), "", ("archives",))
    examined = Examination(policy, str, time.perf_counter, stop_at_first=False).examine(file, data)
    assert [each.refuses(forward_not_examined=False) for each in examined.findings] == refuses
    assert [each.actual for each in examined.findings] == ["a.epub > a/b.xhtml: the EICAR test string"] * len(refuses)
    assert [node.name for node in examined.tree.inside] == ["a/b.xhtml"] * len(refuses)


def test_two_files_are_not_taken_for_one():
    check, part = make("eicar"), part_of("a.bin")
    for half in (TEST_STRING[:30], TEST_STRING[30:]):
        check.begin(part)
        assert list(check.feed(part, half)) == []


def test_a_text_field_is_no_file():
    assert fed(TEST_STRING, part=field()) == []


def test_what_is_kept_is_less_than_the_string():
    check, part = make("eicar"), part_of("a.bin")
    for size in (1, 66, 5000, 3):
        check.feed(part, bytes(size))
        assert len(check._tail) < len(TEST_STRING)
