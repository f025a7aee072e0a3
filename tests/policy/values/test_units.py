import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.policy.loading.reading import UnfitError, read
from sidecar.policy.settings.base import Settings
from sidecar.policy.values.units import (
    LONGEST,
    Seconds,
    SecondsOrZero,
    Size,
    SizeOrZero,
    parse_seconds,
    parse_size,
    seconds_text,
    size_text,
)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        (0, 0),
        ("4096", 4096),
        (4096, 4096),
        ("1B", 1),
        ("512KiB", 512 * 1024),
        ("512kib", 512 * 1024),
        ("5MiB", 5 * 1024**2),
        ("5 MiB ", 5 * 1024**2),
        ("5Mi", 5 * 1024**2),
        ("1.5GiB", 3 * 1024**3 // 2),
        ("5MB", 5_000_000),
        (1.5, 1),
        ("1TiB", 1024**4),
    ],
)
def test_sizes_as_people_write_them(text, size):
    assert parse_size(text) == size


@pytest.mark.parametrize(
    "text",
    [
        "",
        "5M",
        "5m",
        "-1",
        -1,
        "+5MiB",
        "5 MiB extra",
        "MiB",
        "1e3",
        "1_000",
        "\u0665MiB",
        True,
        None,
        [],
        "5\nMiB\n5",
        "1" * 16,
    ],
)
def test_what_is_not_a_size_is_refused_with_an_example(text):
    with pytest.raises(ValueError, match="expected a size such as"):
        parse_size(text)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("500ms", 0.5),
        ("30s", 30),
        ("30", 30),
        (30, 30),
        (0.5, 0.5),
        ("5m", 300),
        ("5min", 300),
        ("1h", 3600),
        ("1D", 86400),
    ],
)
def test_times_as_people_write_them(text, seconds):
    assert parse_seconds(text) == seconds


@pytest.mark.parametrize("text", ["", "30x", "-1s", "1h30m", "inf", math.inf, math.nan, False, None, {}])
def test_what_is_not_a_time_is_refused_with_an_example(text):
    with pytest.raises(ValueError, match="expected a time such as"):
        parse_seconds(text)


@pytest.mark.parametrize(
    ("kind", "value", "accepted"),
    [
        (Size, 1, True),
        (Size, 0, False),
        (Size, "0.1B", False),
        (SizeOrZero, 0, True),
        (Seconds, "1ms", True),
        (Seconds, 0, False),
        (Seconds, LONGEST, True),
        (Seconds, "8d", False),
        (SecondsOrZero, 0, True),
        (SecondsOrZero, "8d", False),
    ],
)
def test_bounds_of_sizes_and_times(kind, value, accepted):
    class Group(Settings):
        one: kind

    if accepted:
        assert read(Group, {"one": value}).one >= 0
    else:
        with pytest.raises(UnfitError):
            read(Group, {"one": value})


@given(st.integers(0, 2**53))
def test_a_size_written_and_read_is_the_same(size):
    if len(str(size)) <= 15:
        assert parse_size(size_text(size)) == size


@given(st.integers(1, 7 * 86400))
def test_a_time_written_and_read_is_the_same(seconds):
    assert parse_seconds(seconds_text(seconds)) == pytest.approx(seconds, rel=1e-5)


@pytest.mark.parametrize(("size", "text"), [(0, "0"), (1023, "1023"), (1024, "1KiB"), (32 * 1024**2, "32MiB")])
def test_sizes_are_shown_in_the_largest_exact_unit(size, text):
    assert size_text(size) == text


@pytest.mark.parametrize(("seconds", "text"), [(0, "0s"), (0.5, "0.5s"), (75, "75s"), (300, "5m"), (3600, "1h")])
def test_times_are_shown_in_the_largest_exact_unit(seconds, text):
    assert seconds_text(seconds) == text


@given(st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.none()))
def test_nothing_but_a_value_error_comes_out(value):
    for parse in (parse_size, parse_seconds):
        error = None
        try:
            assert parse(value) >= 0
        except ValueError as refused:
            error = refused
        assert error is None or str(error).startswith("expected")
