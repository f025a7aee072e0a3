"""What findings show of the input is safe to print."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.inspection.finding import Finding, printable
from sidecar.inspection.reason import Reason

REASON = Reason("code", "Title", 422, "test", "something good", "advice")


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (b"photo.png", "photo.png"),
        ("pho\u202eto", "pho\\u202eto"),
        (b"\xff\xfe", "\\\\xff\\\\xfe"),
        ("<script>", "\\x3cscript\\x3e"),
        ("\"quoted' & `ticked`", "\\x22quoted\\x27 \\x26 \\x60ticked\\x60"),
        (b"a\r\nb\0", "a\\r\\nb\\x00"),
        ("x" * 100, "x" * 77 + "..."),
        ("", ""),
    ],
)
def test_input_is_escaped_and_bounded(raw, shown):
    assert printable(raw) == shown


@given(st.binary(max_size=300) | st.text(max_size=300), st.integers(4, 100))
def test_nothing_of_the_input_is_unsafe_or_long(raw, limit):
    shown = printable(raw, limit)
    assert len(shown) <= limit
    assert shown.isascii()
    assert shown.isprintable() or not shown
    assert not set(shown) & set("<>&\"'`")


def test_the_expectation_of_a_finding_wins_over_its_reason():
    assert Finding(REASON).expectation == "something good"
    assert Finding(REASON, expected="at most 5 MiB").expectation == "at most 5 MiB"
