"""What is noted of the parts while they go by is little, and bounded."""

import pytest

from sidecar.policy.settings.model import Policy
from sidecar.telemetry.seen import MOST_FIELDS
from tests.auditing import inspected
from tests.inspection.judging import PNG, field, part_of


def seen(*parts, at_once=False):
    return inspected(parts, Policy(), lambda _: "image/png", at_once=at_once)[1]


@pytest.mark.parametrize("at_once", [False, True])
def test_fields_are_noted_one_by_one_and_files_are_counted(at_once):
    parts = (field(b"a", 0), b"123"), (part_of("a.png", index=1), PNG), (field(b"b", 2), b"12345")
    told = seen(*parts, at_once=at_once)
    assert [(each.name, each.size) for each in told.fields] == [("a", 3), ("b", 5)]
    assert (told.ended, told.files, told.largest_field, told.complete) == (3, 1, 5, True)


def test_the_number_of_fields_that_are_kept_is_bounded_and_all_are_counted():
    told = seen(*((field(b"f", n), b"x" * n) for n in range(500)))
    assert (len(told.fields), told.ended, told.largest_field) == (MOST_FIELDS, 500, 499)


def test_names_of_fields_are_kept_short_and_printable():
    name = seen((field("<b>\u202e".encode() * 100), b"")).fields[0].name
    assert len(name) <= 80
    assert name.isascii()
    assert "<" not in name
