"""Fields within fields are put together as Word does: the result of an inner one is code of the outer."""

import pytest

from sidecar.inspection.formats.office.word_codes import Codes


def played(events) -> Codes:
    """Codes after a row of events: `{` begins, `|` separates, `}` ends, `?x` is a piece that may be left out."""
    codes = Codes()
    for event in events:
        if event in "{|}":
            {"{": codes.begin, "|": codes.separate, "}": codes.end}[event]()
        else:
            codes.code(event.lstrip("?"), event[:1] if event[0] == "?" else "")
    return codes


@pytest.mark.parametrize(
    ("events", "codes"),
    [
        (["{", "PA", "GE", "|", "7", "}"], ["PAGE"]),
        (["{", "DATE"], ["DATE"]),
        (["stray"], ["stray"]),
        (["{", "{", "QUOTE 68 68 69", "}", " a", "}"], ["QUOTE 68 68 69", "DDE a"]),
        (["{", "PAGE", "|", "?X", "}"], ["PAGE"]),
    ],
)
def test_codes(events, codes):
    assert [code for code in played(events).all() if code] == codes


def test_a_piece_that_may_be_left_out_has_both_readings():
    assert {"LINK", "LI"} <= set(played(["{", "LI", "?NK", "}"]).all())


def test_more_doubts_than_are_tried_are_unclear():
    codes = Codes()
    codes.begin()
    for number in range(5):
        codes.code("x", f"doubt {number}")
    codes.end()
    assert codes.unclear
