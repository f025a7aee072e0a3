import pytest

from sidecar.admin import words


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1 KiB"),
        (1536, "1.5 KiB"),
        (64 * 2**20, "64 MiB"),
        (2**50, "1024 TiB"),
    ],
)
def test_sizes_have_the_unit_that_people_use(number, text):
    assert words.size(number) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (-5, "0 s"),
        (59.9, "59 s"),
        (60, "1 min 0 s"),
        (3600, "1 h 0 min"),
        (90061, "1 d 1 h"),
    ],
)
def test_spans_of_time_have_two_units(seconds, text):
    assert words.period(seconds) == text


def test_moments_are_in_utc():
    assert words.moment(1_800_000_000) == "2027-01-15 08:00:00 UTC"


def test_numbers_are_grouped():
    assert (words.count(999), words.count(1234567)) == ("999", "1\u202f234\u202f567")
