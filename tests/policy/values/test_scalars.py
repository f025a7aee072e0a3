"""Single values, as people write them and as programs do."""

import datetime as dt
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.policy.values.scalars import LAX, STRICT, number, switch, text, whole

NEITHER = [None, [], {}, (), b"1", object(), dt.date(2020, 1, 1)]


@pytest.mark.parametrize(("value", "made"), [("a", "a"), ("", ""), (5, "5"), (0.5, "0.5"), (-1, "-1"), (1e22, "1e+22")])
def test_text_and_numbers_are_text(value, made):
    assert text(value) == made


@pytest.mark.parametrize("value", [*NEITHER, True, False])
def test_what_is_no_text(value):
    with pytest.raises(ValueError, match="expected text"):
        text(value)


@pytest.mark.parametrize(
    ("value", "made"),
    [
        (5, 5), (-5, -5), (10**30, 10**30), (5.0, 5), (-0.0, 0), ("5", 5), (" 5 ", 5), ("+5", 5), ("-5", -5),
        ("007", 7),
        ("1_000", 1000), ("5.0", 5), ("5.000", 5), ("9" * 4300, int("9" * 4300)),
    ],
)  # fmt: skip
def test_whole_numbers(value, made):
    assert (whole(value), type(whole(value))) == (made, int)


@pytest.mark.parametrize(
    "value",
    [
        *NEITHER, True, False, 1.5, math.inf, math.nan, "", " ", "1.5", "1.", ".0", "1e3", "0x10", "_1", "1_", "1__0",
        "- 5",
        "\u0665", "five", "1,000",
    ],
)  # fmt: skip
def test_what_is_no_whole_number(value):
    with pytest.raises(ValueError, match="expected a whole number"):
        whole(value)


@pytest.mark.parametrize("value", [1e30, -1e19, 2.0**63, "9" * 4301, "1" * 100_000])
def test_what_is_larger_than_anybody_means(value):
    with pytest.raises(ValueError, match="expected a smaller number"):
        whole(value)


@pytest.mark.parametrize(
    ("value", "made"), [(5, 5.0), (0.5, 0.5), ("5", 5.0), (" .5 ", 0.5), ("1e3", 1000.0), ("+5.", 5.0), ("1_0", 10.0)]
)
def test_numbers(value, made):
    assert (number(value), type(number(value))) == (made, float)


@pytest.mark.parametrize("value", [*NEITHER, True, False, "", "x", "0x1", "1__0", "\u0665", 10**400, "1 2"])
def test_what_is_no_number(value):
    with pytest.raises(ValueError, match="expected a number"):
        number(value)


@pytest.mark.parametrize("value", [math.inf, math.nan, "inf", "-Infinity", "NaN", "1e999"])
def test_what_is_no_finite_number(value):
    with pytest.raises(ValueError, match="expected a finite number"):
        number(value)


@pytest.mark.parametrize("value", [True, "on", "ON", "true", "True", "yes", "y", "t", "1", 1])
def test_on(value):
    assert switch(value) is True


@pytest.mark.parametrize("value", [False, "off", "Off", "false", "FALSE", "no", "n", "f", "0", 0])
def test_off(value):
    assert switch(value) is False


@pytest.mark.parametrize("value", [*NEITHER, "", " on", "2", 2, -1, 0.5, math.nan, "enabled"])
def test_neither_on_nor_off(value):
    with pytest.raises(ValueError, match="expected on or off"):
        switch(value)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (str, 5), (str, None), (int, "5"), (int, 5.0), (int, True), (float, "5"), (float, True), (bool, 1),
        (bool, "on"),
        (type(None), 0),
    ],
)  # fmt: skip
def test_of_what_a_program_wrote_nothing_is_made_of_something_else(kind, value):
    with pytest.raises(ValueError, match="expected"):
        STRICT[kind](value)


@pytest.mark.parametrize(("kind", "value"), [(str, "5"), (int, 5), (float, 5), (float, 0.5), (bool, True)])
def test_what_a_program_wrote_stays_what_it_is(kind, value):
    assert STRICT[kind](value) is value


@given(
    st.sampled_from([*LAX.values(), *STRICT.values()]),
    st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.none(), st.binary(), st.lists(st.integers())),
)
def test_nothing_but_a_value_error_comes_out(read, value):
    error = None
    try:
        read(value)
    except ValueError as refused:
        error = refused
    assert error is None or str(error).startswith("expected ")
