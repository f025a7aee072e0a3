"""`ole` sees what former documents and objects can do, and lets honest ones pass."""

import random
import struct

import pytest

from sidecar.inspection.file import File
from sidecar.inspection.whole import Whole
from tests.corpus.files.ole import CASES
from tests.inspection.judging import codes, make, part_of
from tests.inspection.ole_files import ole
from tests.pace import processor_time

SETTINGS = ("macros", "packages", "equations", "remote", "dde", "installers", "unread")
OUTER = [case for case in CASES if case.name != "macros-compressed.ppt"]


def judged(data, settings=None, name="a.doc", inside=None):
    whole = Whole(data) if inside is None else Whole(data, inside)
    return codes(make("ole", settings).examine(File(part_of(name), data[:4096]), whole))


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in OUTER])
def test_the_corpus_is_judged_by_the_check_alone(case):
    assert set(judged(case.data())) == case.reasons


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in CASES if case.reasons])
def test_each_trait_can_be_allowed(case):
    assert judged(case.data(), dict.fromkeys(SETTINGS, "pass")) == []


def test_objects_of_slides_are_judged_as_files_of_their_own():
    seen = []
    data = next(case.data() for case in CASES if case.name == "macros-compressed.ppt")
    judged(data, inside=lambda _path, chunks: seen.append(b"".join(chunks)) or ())
    assert seen == [ole({"_VBA_PROJECT": b"x", "dir": b"x"}, {"VBA": ""})]


def test_an_installer_that_is_called_so_is_left_to_its_suffix():
    assert judged(ole({"a": b""}, root="000C1084-0000-0000-C000-000000000046"), name="a.msi") == []


def test_loops_of_sectors_end():
    data = ole({"Workbook": bytes(60_000)})
    at = data.rfind(struct.pack("<3L", 1, 2, 3))
    with processor_time(below=3):
        for to in range(120):
            judged(data[:at] + struct.pack("<L", to) * 118 + data[at + 118 * 4 :])


@pytest.mark.parametrize("name", ["macros.doc", "macro-sheet.xls", "macros-compressed.ppt", "letter.doc"])
def test_cut_and_damaged_files_never_raise(name):
    data, dice = next(case.data() for case in CASES if case.name == name), random.Random(1)
    for at in range(0, len(data), max(1, len(data) // 50)):
        judged(data[:at])
    for _ in range(100):
        judged(data[: (at := dice.randrange(len(data)))] + dice.randbytes(3) + data[at + 3 :])
        judged(data[: (at := dice.randrange(600))] + dice.randbytes(4) + data[at + 4 :])


def test_streams_that_share_a_chain_that_loops_take_a_bounded_time():
    loop = ole({"WordDocument": bytes(4096)}).replace(struct.pack("<L", 1), struct.pack("<L", 0), 1)
    entry = loop[loop.index("WordDocument".encode("utf-16-le")) :][:128]
    assert judged(loop) == []
    size = 1 << 16
    head = bytearray(loop[:512].ljust(size, b"\0"))
    struct.pack_into("<HH", head, 26, 4, 0xFFFE)
    struct.pack_into("<H", head, 30, 16)
    struct.pack_into("<L", head, 48, 1)
    struct.pack_into("<2L", head, 76, 0, 0xFFFFFFFF)
    table = struct.pack("<3L", 0xFFFFFFFD, 0xFFFFFFFE, 2).ljust(size, b"\xff")
    entries = (entry[:116] + struct.pack("<LQ", 2, 64 << 20)) * 400
    data = bytes(head) + table + entries.ljust(size, b"\0") + bytes(size)
    with processor_time(below=1):
        assert judged(data) == ["ole_not_examined"]
