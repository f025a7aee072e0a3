"""All names of a file within another are judged, or none of it is let in."""

import pytest

from sidecar.inspection.formats.bounds import TooMuchError
from sidecar.inspection.formats.given_names import distinct


def test_each_is_told_once_in_its_order():
    assert distinct([b"b", b"a", b"b"]) == (b"b", b"a")
    assert distinct([b"a"] * 100) == (b"a",)
    assert distinct([]) == ()


def test_more_than_are_judged_are_not_cut_but_refused():
    assert len(distinct(b"%d" % number for number in range(8))) == 8
    with pytest.raises(TooMuchError, match="names of an attachment"):
        distinct(b"%d" % number for number in range(9))
