"""`spreadsheet_formulas` sees formulas that run programs or call out, and lets numbers, sums and talk pass."""

import random

import pytest

from sidecar.inspection.file import File
from sidecar.inspection.whole import Whole
from tests.corpus.files.spreadsheets import CASES
from tests.inspection.judging import codes, make, part_of
from tests.pace import processor_time

SETTINGS = ("programs", "calls", "links")


def judged(data, settings=None):
    return codes(make("spreadsheet_formulas", settings).examine(File(part_of("a.csv"), data[:4096]), Whole(data)))


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in CASES])
def test_the_corpus_is_judged_by_the_check_alone(case):
    assert set(judged(case.data())) == case.reasons
    assert judged(case.data(), dict.fromkeys(SETTINGS, "pass")) == []


def test_only_tables_are_wanted():
    check = make("spreadsheet_formulas")
    assert check.wants(File(part_of("a.csv"), b"a,b", "text/plain"))
    assert check.wants(File(part_of("a", b"text/csv"), b"a,b", "text/plain"))
    assert check.wants(File(part_of("a.xls"), b"a\tb", "text/plain"))
    assert not check.wants(File(part_of("a.txt"), b"=cmd|'/C calc'!A0", "text/plain"))
    assert not check.wants(File(part_of("a.xls"), b"\xd0\xcf\x11\xe0", "application/vnd.ms-excel"))


@pytest.mark.parametrize("data", [
    b"=cmd|" * 200_000, b'"' * 1_000_001, b'"a""b' * 200_000, b"=|'" * 300_000, b"=a|" + b"b" * 1_000_000,
    b"," * 1_000_000 + b"|", b"=" * 1_000_000 + b"|", b" " * 1_000_000 + b"|", b"HYPERLINK" + b" " * 1_000_000,
    b'=a|"' + b'"",' * 300_000, b"=" + b"EXEC " * 200_000 + b"(",
    b"<" * 1_000_000, b"<!--" * 300_000 + b"-->", b"<td" + b" " * 1_000_000, b"<td>" * 300_000, b"<&#61;" * 200_000,
    b"<" + b"fmla" + b" " * 1_000_000,
], ids=lambda data: repr(data[:9]))  # fmt: skip
def test_hostile_tables_take_linear_time(data):
    with processor_time(below=3):
        judged(data)


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in CASES[::6]])
def test_cut_and_damaged_tables_never_raise(case):
    data, dice = case.data(), random.Random(1)
    for at in range(len(data)):
        judged(data[:at])
    for _ in range(100):
        judged(data[: (at := dice.randrange(len(data)))] + dice.randbytes(3) + data[at + 3 :])
