"""Objects of PDF are read for what they tell, in time that is in proportion to them."""

import pytest

from sidecar.inspection.formats.bounds import Budget
from sidecar.inspection.formats.pdf.names import Name
from sidecar.inspection.formats.pdf.syntax import Dictionary, Ref, read_object
from tests.pace import processor_time


def value(text):
    return read_object(text, 0, Budget(10**9, "objects")).value


@pytest.mark.parametrize(("text", "expected"), [
    (b"12 0 R", Ref(12)), (b"12\n0\tR>>", Ref(12)), (b"0012 0 R/A", Ref(12)), (b"12 % a\n0 R", Ref(12)),
    (b"[1 0 R 2 0 R]", [Ref(1), Ref(2)]), (b"[7 1 0 R]", [7, Ref(1)]), (b"[[1 2 .5 -3] 4 0 R]", [[], Ref(4)]),
    (b"[1 [2] (a)]", [1, [], b"a"]), (b"[ ]", []), (b"[1 % a\n2]", [1, 2]),
    (b"<</A[1 2]/B 3 0 R/#41 4>>", [(b"A", []), (b"B", Ref(3)), (b"A", 4)]),
])  # fmt: skip
def test_references_and_numbers_are_told_apart_however_they_are_written(text, expected):
    assert value(text) == expected


def test_a_name_is_the_same_whenever_it_is_met():
    for _ in range(2):
        assert value(b"<</J#53 /J#53>>") == Dictionary([(Name(b"JS"), Name(b"JS"))])


@pytest.mark.parametrize("text", [
    b"[" + b"1 " * 1_000_000, b"[1 1 1 " * 90, b"[" + (b"1" + b" " * 10_000) * 300 + b"]",
    b"[" + b"12345678 " * 300_000,
    b"[" + b"1 1 " * 500_000 + b"R",
])  # fmt: skip
def test_numbers_without_end_take_time_in_proportion(text):
    with processor_time(below=4):
        value(text)
