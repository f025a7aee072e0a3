"""Marks beside a type: what they let through, and what they say of the rest."""

import pytest

from sidecar.policy.values.kinds import above_zero, after, at_least, at_most, before, characters, entries, form


@pytest.mark.parametrize(
    ("mark", "fits", "unfit", "expected"),
    [
        (at_least(3), [3, 4, 3.5, 10**400], [2, 2.9, -1], "at least 3"),
        (at_most(3), [3, -1, 2.5], [4, 3.1, 10**400], "at most 3"),
        (at_most(60, "1m"), [60], [61], "at most 1m"),
        (after(above_zero), [1, 0.1], [0, -1, 0.0], "more than 0"),
        (form("^a*$", "some a"), ["", "aa"], ["b", "a\n", "ab", "\na"], "some a"),
        (characters(least=1), ["a", "a" * 9], [""], "text that is not empty"),
        (characters(most=2), ["", "aa", "üü"], ["aaa"], "at most 2 characters"),
        (entries(1), [(), (1,)], [(1, 2)], "at most 1 entries"),
    ],
)
def test_what_fits_goes_through_as_it_is_and_the_rest_is_told(mark, fits, unfit, expected):
    assert [mark.after(value) for value in fits] == fits
    for value in unfit:
        with pytest.raises(ValueError, match=f"^expected {expected}$"):
            mark.after(value)


@pytest.mark.parametrize(
    ("mark", "schema"),
    [
        (at_least(3), {"minimum": 3}),
        (at_most(3, "three"), {"maximum": 3}),
        (form("^a$", "a"), {"pattern": "^a$"}),
        (characters(least=1, most=2), {"minLength": 1, "maxLength": 2}),
        (characters(), {}),
        (entries(4), {"maxItems": 4}),
        (before(str), {}),
        (after(str), {}),
    ],
)
def test_each_says_what_it_adds_to_the_schema(mark, schema):
    assert mark.schema == schema


def test_a_mark_is_for_before_or_for_after():
    assert (before(str).before, before(str).after, after(str).before, after(str).after) == (str, None, None, str)
