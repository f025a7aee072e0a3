"""A pattern is found at the beginning of a text in every way in which pieces of it may be skipped."""

import pytest

from sidecar.inspection.formats.office.readings import ANY, NAMES, Patterns, Step, spelled

ONE_OF_TWO = Patterns([(*spelled("dde"), Step(ANY - NAMES)), spelled("rd:")])


def reads(text: str) -> bool:
    read = ONE_OF_TWO.start
    for character in text:
        read = ONE_OF_TWO.after(read, character)
    return ONE_OF_TWO.are_read(read)


@pytest.mark.parametrize("text", ["dde ", "DDE\\", ' \t"dDe"', "rd:", "rd: and all that follows", "dde\N{EM SPACE}"])
def test_it_begins_so(text):
    assert reads(text)


@pytest.mark.parametrize("text", ["", "dde", "ddex ", "x dde ", "r d:", "dd e ", "dde\xe9 "])
def test_it_does_not(text):
    assert not reads(text)


def test_what_may_be_skipped_is_the_union_of_both_readings():
    before = ONE_OF_TWO.after(ONE_OF_TWO.start, "d")
    with_piece = ONE_OF_TWO.after(before, "x")
    for character in "de ":
        assert not ONE_OF_TWO.are_read(with_piece)
        with_piece = ONE_OF_TWO.after(with_piece | before, character)
        before = ONE_OF_TWO.after(before, character)
    assert ONE_OF_TWO.are_read(with_piece)
