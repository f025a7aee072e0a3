"""`winmail.dat`: what is attached is found with all of its names, in either of the places where it can stand."""

import random
import struct
from contextlib import suppress

import pytest

from sidecar.inspection.formats.anatomy import DamagedError
from sidecar.inspection.formats.bounds import TooMuchError
from sidecar.inspection.formats.containers.tnef import attached as attachments
from tests.inspection import tnef_files as t
from tests.pace import processor_time

NUMBER = struct.pack("<HHL", 3, 0x0E20, 5)
SHORTS = struct.pack("<HHLHHHH", 0x1002, 0x6001, 3, 1, 2, 3, 0)
TIMES = struct.pack("<HHL", 0x1040, 0x6002, 2) + bytes(16)
FLAG = struct.pack("<HHHH", 0x0B, 0x7FFE, 1, 0)
OWN = t.valued(0x8000, b"abcde", before=bytes(16) + struct.pack("<LL", 0, 7))
CALLED = t.valued(0x8001, b"", 0x1E, before=bytes(16) + struct.pack("<LL", 1, 6) + "abc".encode("utf-16-le") + b"\0\0")
EVERY = (NUMBER, SHORTS, TIMES, FLAG, OWN, CALLED)


def found(data):
    return [(each.names, [data[start:end] for start, end in each.places]) for each in attachments(data)][1:]


def test_files_are_found_with_their_names():
    two = t.tnef(t.attached("a.txt", b"hello"), t.attached("Gr\u00f6\u00dfe.pdf", b"%PDF-"))
    assert found(two) == [([b"a.txt"], [b"hello"]), (["Gr\u00f6\u00dfe.pdf".encode()], [b"%PDF-"])]


@pytest.mark.parametrize("before", EVERY)
def test_names_among_properties_are_found_whatever_stands_before_them(before):
    names = t.text(0x3704, "INVOIC~1.EXE"), t.text(0x3707, "invoice.exe")
    ((told, _),) = found(t.tnef(t.attached("a.txt", b"x", before, *names)))
    assert told == [b"invoice.exe", b"INVOIC~1.EXE", b"a.txt"]


def test_what_is_shown_is_a_name_only_where_there_is_none():
    _, each = attachments(t.tnef(t.attached("", b"x", t.text(0x3001, "shown.exe"))))
    assert (each.names, each.shown) == ([], [b"shown.exe"])


def test_data_among_properties_is_found_and_what_kind_of_object_it_is_is_no_part_of_it():
    held = t.attribute(t.RENDERING, bytes(14)) + t.listed(t.valued(0x3701, b"abcde"))
    message = t.attribute(t.RENDERING, bytes(14)) + t.listed(t.valued(0x3701, bytes(16) + b"fgh", 0x0D))
    assert found(t.tnef(held, message)) == [([], [b"abcde"]), ([], [b"fgh"])]


def test_data_before_its_name_and_data_that_is_cut_short_count():
    rest = t.attribute(t.DATA, b"hello") + t.attribute(t.TITLE, b"a.hta\0")
    assert found(t.tnef(t.attribute(t.RENDERING, b""), rest)) == [([b"a.hta"], [b"hello"])]
    assert found(t.tnef(t.attached("a.txt", b"hello"))[:-4]) == [([b"a.txt"], [b"hel"])]


@pytest.mark.parametrize("hidden", [struct.pack("<HH", 0x77, 0x3FFF), struct.pack("<HHL", 0x1E, 0x6003, 9)])
def test_properties_that_cannot_be_read_are_told_of(hidden):
    with pytest.raises(DamagedError):
        list(attachments(t.tnef(t.attached("a.txt", b"x", hidden, t.text(0x3707, "invoice.exe")))))


@pytest.mark.parametrize(
    "body",
    [
        t.attribute(t.RENDERING, bytes(4)) * 220_000,
        t.attribute(t.PROPERTIES, struct.pack("<L", 220_000) + struct.pack("<HH", 1, 1) * 220_000),
        t.attribute(t.PROPERTIES, struct.pack("<LHHL", 1, 0x101E, 1, 220_000) + bytes(880_000)),
        t.attribute(t.PROPERTIES, struct.pack("<LHHL", 1, 0x101F, 0x3707, 220_000) + bytes(880_000)),
    ],
    ids=["attributes", "properties", "values", "names"],
)
def test_many_attributes_and_properties_end_soon(body):
    with processor_time(below=3), pytest.raises(TooMuchError):
        list(attachments(t.tnef(body)))


def test_cut_and_damaged_ones_raise_nothing_else():
    data, dice = t.tnef(t.attached("a.txt", b"hello", *EVERY, t.text(0x3707, "b.txt"))), random.Random(1)
    for _ in range(2000):
        at = dice.randrange(len(data))
        for each in (data[:at], data[:at] + dice.randbytes(3) + data[at + 3 :]):
            with suppress(DamagedError):
                found(each)
