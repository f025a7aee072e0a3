"""`ole` judges what is attached to messages of Outlook, and sees reminders that call another machine."""

import struct

import pytest

from sidecar.inspection.file import File
from sidecar.inspection.formats.office.ole2 import CompoundFile
from sidecar.inspection.formats.office.outlook import attachments
from sidecar.inspection.whole import Whole
from tests.inspection.judging import codes, make, part_of
from tests.inspection.ole_files import ole
from tests.inspection.outlook_files import attached, attached_to_attached, reminding
from tests.pace import processor_time

DATA = b"<script>new ActiveXObject('WScript.Shell')</script>".ljust(4096, b"\0")
LONGER = bytes(range(256)) * 40
WRITINGS = ("__substg1.0", "__Substg1.0", "__sUbstg1.0", "__suBstg1.0")


def judged(data, settings=None):
    """Its reasons, and what was judged within."""
    seen = []
    whole = Whole(data, lambda *found: seen.append((b"".join(found[1]), [found[0], *found[2:]])) or ())
    return codes(make("ole", settings).examine(File(part_of("a.msg"), data[:4096]), whole)), seen


@pytest.mark.parametrize(
    ("names", "judged_as"),
    [
        ({"_3707001F": "invoice.hta"}, [b"invoice.hta"]),
        ({"_3707001E": "invoice.hta"}, [b"invoice.hta"]),
        ({"_3704001F": "INVOIC~1.HTA"}, [b"INVOIC~1.HTA"]),
        ({"_3704001F": "evil.exe", "_3707001F": "a.txt"}, [b"a.txt", b"evil.exe"]),
        ({"_3707001F": "R\u00e9sum\u00e9.pdf", "_3707001E": "R\u00e9sum\u00e9.pdf"}, ["R\u00e9sum\u00e9.pdf".encode()]),
        ({"_3707001F": "a.txt", "_3001001F": "Who is who.com", "_3703001F": ".txt"}, [b"a.txt"]),
        ({"_3001001F": "shown.exe"}, [b"shown.exe"]),
        ({"_3703001F": ".exe"}, [b"attachment.exe"]),
        ({"_3707001F": "a.txt\0.exe"}, [b"a.txt\0.exe"]),
        ({"_3707001F": "", "_3704001F": "a.txt"}, [b"a.txt"]),
        ({}, [b"attachment"]),
    ],
)
def test_an_attachment_is_judged_under_every_name_that_it_has(names, judged_as):
    reasons, ((data, told),) = judged(attached(DATA, **names))
    assert (reasons, data) == ([], DATA)
    assert sorted(told) == sorted(judged_as)
    assert told[0] == judged_as[0]


def test_a_file_with_more_names_than_are_judged_is_refused():
    names = {f"a/{writing}_{tag}": f"{writing}{tag}.txt" for writing in WRITINGS for tag in ("3707001F", "3704001F")}
    streams = {tag: name.encode("utf-16-le") for tag, name in (names | {"a/__substg1.0_3707001f": "a.hta"}).items()}
    assert judged(ole({"a/__substg1.0_37010102": DATA} | streams, {"a": ""}))[0] == ["ole_not_examined"]


def test_attachments_of_attached_messages_are_judged():
    assert judged(attached_to_attached(DATA, "evil.exe"))[1] == [(DATA, [b"evil.exe"])]


def test_all_of_a_large_attachment_is_judged():
    assert judged(attached(LONGER, _3707001F="a.bin"))[1] == [(LONGER, [b"a.bin"])]


def test_an_attachment_that_no_storage_leads_to_is_judged_without_a_name():
    lost = attached(DATA, _3707001F="a.txt")
    at = lost.index("__attach".encode("utf-16-le"))
    assert judged(lost[: at + 76] + b"\xff" * 4 + lost[at + 80 :])[1] == [(DATA, [b"attachment"])]


def test_a_message_without_a_file_has_none():
    assert judged(reminding("C:\\Windows\\Media\\ding.wav"))[1] == []


@pytest.mark.parametrize("tag", ["8001001F", "8001001E"])
@pytest.mark.parametrize(
    "sound", ["\\\\198.51.100.7\\share\\a.wav", "//host/a.wav", "\\\\.\\UNC\\host\\a.wav", "file://host/a.wav"]
)
def test_a_reminder_with_a_sound_of_another_machine_is_refused(sound, tag):
    assert judged(reminding(sound, tag=tag))[0] == ["ole_remote"]
    assert judged(reminding(sound, tag=tag), {"remote": "pass"})[0] == []


@pytest.mark.parametrize(
    "data",
    [
        reminding("reminder.wav"),
        reminding("C:\\Windows\\Media\\ding.wav"),
        reminding("\\\\host\\minutes.docx", number=0x8520),
        reminding("\\\\host\\minutes.docx", tag="8000001F"),
        reminding(""),
    ],
)
def test_honest_messages_pass(data):
    assert judged(data)[0] == []


def test_storages_that_share_what_they_hold_end():
    streams = {"s0/__substg1.0_37010102": b"x"} | {f"s0/{number}": b"" for number in range(500)}
    data = bytearray(ole(streams, {f"s{number}": "" for number in range(500)}))
    first = data.index("s0\0".encode("utf-16-le"))
    for number in range(1, 500):
        struct.pack_into("<L", data, first + 128 * number + 76, struct.unpack_from("<L", data, first + 76)[0])
    with processor_time(below=2):
        assert judged(bytes(data))[0] == ["ole_not_examined"]


def test_entries_in_a_circle_are_met_once():
    data = bytearray(attached(DATA, _3707001F="a.txt"))
    at = data.index("__substg1.0_37010102".encode("utf-16-le"))
    holder = data.index("__attach".encode("utf-16-le"))
    struct.pack_into("<L", data, at + 68, struct.unpack_from("<L", data, holder + 76)[0])
    assert [each.names for each in attachments(CompoundFile(bytes(data)))] == [(b"a.txt",)]
