"""Code is found beside what a file holds, not in it, and whatever is left of a file is judged."""

import random

import pytest

from sidecar.inspection.file import File
from sidecar.inspection.formats.second_format import pdf_near_start
from sidecar.inspection.types.content import HEAD_SIZE
from sidecar.inspection.whole import Whole
from tests.corpus.files.server_code import CASES, gzipped, with_fields, zipped
from tests.inspection.judging import codes, make, part_of
from tests.inspection.pdf_files import pdf

LAST_START = 1024


def judge(data):
    file, check = File(part_of("a.bin"), data[:HEAD_SIZE]), make("server_code")
    return codes(check.examine(file, Whole(data))) if check.wants(file) else []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_file_is_judged_as_its_case_says(case):
    assert set(judge(case.data())) == case.reasons


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_whatever_is_left_of_a_file_is_judged(case):
    data, chance = case.data(), random.Random(case.name)
    for cut in range(0, len(data), max(1, len(data) // 50)):
        judge(data[:cut])
    for _ in range(100):
        changed = bytearray(data)
        changed[chance.randrange(len(data))] = chance.randrange(256)
        judge(bytes(changed))


def test_a_pdf_begins_where_most_readers_let_it_begin():
    for at in range(1, 1100):
        data = b"<?php echo 1; ?>".ljust(at, b"\x80")[:at] + pdf()
        assert make("server_code").wants(File(part_of("a.bin"), data[:HEAD_SIZE])) == (at <= LAST_START)


def test_a_pdf_begins_where_any_reader_lets_it_begin():
    for at in (1, LAST_START, LAST_START + 1, 4096, 4097):
        data = b"\x80" * at + pdf()
        assert make("pdf").wants(File(part_of("a.bin"), data[:HEAD_SIZE])) == (at <= 4096)
        assert (pdf_near_start(data) == at) == (at <= 4096)


def test_a_text_that_talks_of_both_passes():
    text = b"# Notes\n" * 200 + b"`<?php echo 1; ?>` makes a file that begins with `%PDF-1.7`.\n"
    assert judge(text) == []


def test_other_files_are_not_wanted():
    assert judge(b"<?php echo 1; ?>") == []


def test_packed_bytes_are_no_field():
    noise = random.Random(1).randbytes(60_000) + b"<?php echo 1;"
    assert judge(gzipped(8, b"a\0") + noise) == []
    assert judge(zipped(b"x" * 65_535)) == []


def test_an_entry_that_is_said_to_reach_behind_the_directory_hides_nothing():
    data = with_fields(comment=b"<?php echo 1; ?>")
    at = data.rfind(b"PK\1\2") + 20
    assert judge(data[:at] + b"\xff\xff\xff\x7f" + data[at + 4 :]) == ["server_code"]
