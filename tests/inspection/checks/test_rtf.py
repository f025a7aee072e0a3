"""`rtf` sees objects and calls to other machines however they are written, and lets text and pictures pass."""

import random

import pytest

from sidecar.inspection.file import File
from sidecar.inspection.whole import Whole
from tests.corpus.files.rich_text import CASES
from tests.inspection.judging import codes, make, part_of
from tests.pace import processor_time


def judged(data, settings=None):
    return codes(make("rtf", settings).examine(File(part_of("a.rtf"), data[:4096]), Whole(data)))


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in CASES])
def test_the_corpus_is_judged_by_the_check_alone(case):
    assert set(judged(case.data())) == case.reasons
    let_in = judged(case.data(), dict.fromkeys(("objects", "remote", "dde"), "pass"))
    assert set(let_in) == case.reasons & {"rtf_not_examined"}


def test_whatever_word_takes_for_rich_text_is_wanted():
    check = make("rtf")
    assert check.wants(File(part_of("a.doc"), b"\n{\\rt"))
    assert not check.wants(File(part_of("a.rtf"), b"{\\x"))


@pytest.mark.parametrize("data", [
    b"\\" * 2_000_000, b"{" * 2_000_000, b"\\fldinst" * 250_000, b"\\template{" * 200_000, b"\\objdata" * 200_000,
    b"\\fldinst" + b"\\'" * 1_000_000, b"\\fldinst" + b" " * 2_000_000, b"{\\fldinst " * 200_000,
    b"\\fldinst " + b"{\\*\\x a}" * 200_000, b"\\template " + b"a" * 2_000_000, b"{\\fldinst RD }" * 200_000,
    b"\\fldinst RD " + b"a{\\*}" * 300_000, b"{\\fldinst {\\info}}" * 200_000, b"\\fldinst" + b"\\uc9\\u9 " * 200_000,
], ids=lambda data: repr(data[:9]))  # fmt: skip
def test_hostile_texts_take_linear_time(data):
    with processor_time(below=5):
        judged(b"{\\rtf1" + data)


def test_a_small_text_whose_fields_never_end_does_not_take_long():
    with processor_time(below=3):
        assert judged(b"{\\rtf1" + b"\\fldinst{\\*}" * 2000) == ["rtf_not_examined"]


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in CASES[::4]])
def test_cut_and_damaged_texts_never_raise(case):
    data, dice = case.data(), random.Random(1)
    for at in range(0, len(data), max(1, len(data) // 50)):
        judged(data[:at])
    for _ in range(100):
        judged(data[: (at := dice.randrange(len(data)))] + dice.randbytes(3) + data[at + 3 :])
