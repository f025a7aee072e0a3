"""`ole` judges the files that compound files hold as they are: in streams of their own, and in packages."""

import random
import struct

import pytest

from sidecar.inspection.file import File
from sidecar.inspection.whole import Whole
from tests.inspection.judging import codes, make, part_of
from tests.inspection.office_files import docx, xlsx
from tests.inspection.ole_files import ole
from tests.inspection.ole_packages import package

JUDGE = {"packages": "judge"}


def judged(data, settings=None):
    """Its reasons, and what was judged within."""
    seen = []
    whole = Whole(data, lambda *found: seen.append((b"".join(found[1]), [found[0], *found[2:]])) or ())
    return codes(make("ole", settings).examine(File(part_of("a.doc"), data[:4096]), whole)), seen


def within(native, settings=None):
    return judged(ole({"WordDocument": bytes(600), "\1Ole10Native": native}), settings)


@pytest.mark.parametrize("stream", ["CONTENTS", "Contents", "Package", "EmbeddedOdf", "ObjectPool/_1/CONTENTS"])
def test_a_stream_that_is_a_file_is_judged(stream):
    storages = {"ObjectPool": "", "ObjectPool/_1": ""} if "/" in stream else {}
    reasons, ((data, names),) = judged(ole({stream: b"%PDF-1.7"}, storages))
    assert (reasons, data.rstrip(b"\0"), names) == ([], b"%PDF-1.7", [stream.rpartition("/")[2].encode()])


@pytest.mark.parametrize(("document", "name"), [(docx(), b"Package.docx"), (xlsx(), b"Package.xlsx")])
def test_a_document_in_a_stream_is_called_one_so_that_its_parts_are_no_files(document, name):
    assert judged(ole({"Package": document}))[1][0][1] == [name]


@pytest.mark.parametrize("data", [b"PK", b"PK\5\6", b"PK\3\4" + bytes(90)])
def test_what_only_begins_so_keeps_its_name(data):
    assert judged(ole({"Package": data}))[1][0][1] == [b"Package"]


def test_packages_are_refused_unseen_by_default():
    assert within(package(b"hello", "a.txt")) == (["ole_package"], [])


def test_packages_can_be_let_in_unseen():
    assert within(package(b"hello", "a.txt"), {"packages": "pass"}) == ([], [])


@pytest.mark.parametrize(
    ("names", "judged_as"),
    [
        (("a.txt",), [b"a.txt"]),
        (("a.txt", "C:\\x\\b.hta"), [b"a.txt", b"b.hta"]),
        (("a.txt", "C:\\x\\a.txt", "C:\\Temp\\b.js"), [b"a.txt", b"b.js"]),
        (("a.txt", "a.txt", "a.txt", "R\u00e9.exe"), [b"a.txt", "R\u00e9.exe".encode()]),
        (("", "", ""), [b"object"]),
    ],
)
def test_a_file_in_a_package_is_judged_under_every_name_that_it_has(names, judged_as):
    assert within(package(b"hello", *names), JUDGE) == ([], [(b"hello", judged_as)])


def test_data_of_other_programs_is_judged_without_a_name():
    assert within(struct.pack("<L", 2) + b"BM", JUDGE)[1][0][1] == [b"object"]


def test_a_package_that_leads_elsewhere_is_refused():
    assert within(package(b"", "a.txt", "cmd /c calc", kind=1), JUDGE) == (["ole_package"], [])


def test_a_package_whose_file_begins_at_two_places_is_refused():
    assert within(package(b"hello", "a", "b", "c\0\1\0\0\0d"), JUDGE)[0] == ["ole_package"]


def test_cut_and_damaged_packages_never_raise():
    data, dice = package(b"hello", "a.txt", "b", "c", "d"), random.Random(1)
    for at in range(len(data)):
        within(data[:at], JUDGE)
        within(data[:at] + dice.randbytes(3) + data[at + 3 :], JUDGE)
