"""What sections of OneNote hold is found, however much looks like it."""

import struct

import pytest

from sidecar.inspection.formats.bounds import TooMuchError
from sidecar.inspection.formats.containers.onenote import file_names, objects
from tests.inspection.notes_files import notes, shown
from tests.pace import processor_time

NAME = struct.pack("<L", 0x1C001D9C)


def test_names_and_data_are_found():
    data = notes(("a.txt", b"one"), ("", b"two" * 100_000), ("b.png", b""))
    assert list(file_names(data)) == ["a.txt", "b.png"]
    assert [b"".join(each) for each in objects(data)] == [b"one", b"two" * 100_000, b""]


def test_text_is_no_name():
    assert list(file_names(shown("setup.exe"))) == []


def test_data_that_is_cut_short_is_what_there_is():
    assert [b"".join(each) for each in objects(notes(("", b"x" * 99))[:-21])] == [b"x" * 99]
    assert [b"".join(each) for each in objects(notes(("", b"x" * 99))[:-70])] == [b"x" * 50]


@pytest.mark.parametrize("data", [NAME, b"\1\0" + NAME, b"\1\0" + NAME + b"\3\0\0\0abc", b"\xff\xff" + NAME * 9])
def test_what_only_looks_like_a_name_is_none(data):
    assert list(file_names(data)) == []


def test_files_that_share_their_bytes_end():
    header = notes(("", b""))[8208:8224]
    data = (header + struct.pack("<QLQ", 1 << 40, 0, 0)) * 10_000
    with processor_time(below=2), pytest.raises(TooMuchError):
        list(map(list, objects(data)))


def test_places_that_look_like_names_end():
    with processor_time(below=2), pytest.raises(TooMuchError):
        list(file_names((b"\2\0" + NAME) * 1_000_000))
