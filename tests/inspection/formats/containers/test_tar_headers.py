"""Headers of tar: what they tell of entries that are too large to be told of in their fields."""

from itertools import islice

import pytest

from sidecar.inspection.formats.containers.tar_fields import FIELD_MOST, TarError, TwofoldError
from sidecar.inspection.formats.containers.tar_headers import Tar, TarEntry
from tests.corpus.files.tar_readings import header, told


def first(data: bytes) -> TarEntry:
    return next(islice(Tar(data).entries(), 1))


@pytest.mark.parametrize("field", [0, 8**11 - 1], ids=["as Python", "as bsdtar"])
def test_a_size_that_has_no_room_in_its_field_is_that_of_pax(field):
    assert first(told(FIELD_MOST) + header(b"a.iso", field)).size == FIELD_MOST


def test_any_other_is_both_or_none():
    with pytest.raises(TwofoldError, match="0 or 8589934591"):
        first(told(FIELD_MOST - 1) + header(b"a.iso", 0))


def test_nobody_unpacks_what_is_not_there():
    with pytest.raises(TarError, match="too early"):
        list(Tar(told(FIELD_MOST) + header(b"a.iso", 0)).entries())
