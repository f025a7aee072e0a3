"""Messages of Outlook (MS-OXMSG): the files attached to them, and reminders whose sound is on another machine."""

import re
import struct
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from sidecar.inspection.formats.given_names import distinct
from sidecar.inspection.formats.office.addresses import is_share
from sidecar.inspection.formats.office.ole2 import CompoundFile, Entry
from sidecar.inspection.formats.office.ole_contents import Trait

_DATA: Final = "__substg1.0_37010102"
_LONG_NAME, _SHORT_NAME, _SHOWN_NAME, _SUFFIX = "3707", "3704", "3001", "3703"
_NAMING: Final = frozenset({_LONG_NAME, _SHORT_NAME, _SHOWN_NAME, _SUFFIX})
_NAMELESS: Final = "attachment"
_TEXT: Final = re.compile(r"__substg1\.0_([0-9a-f]{4})001([ef])")
_UTF_16: Final = "f"
_TEXT_MOST: Final = 64 * 1024
_NAMED: Final = "__substg1.0_00030102"
"""Which number each named property has in this message: eight bytes for each (MS-OXMSG, section 2.2.3.1.2)."""
_NAMED_MOST: Final = 1024 * 1024
_REMINDER_FILE: Final = 0x851F
"""PidLidReminderFileParameter: Outlook opens it once the reminder is due, without a click."""
_FIRST_NAMED: Final = 0x8000


class Attachment(NamedTuple):
    """One attached file."""

    names: tuple[bytes, ...]
    """Each that a program could give it, the likeliest first."""
    data: Entry


def attachments(file: CompoundFile) -> Iterator[Attachment]:
    """The files attached to a message, and to messages attached to it.

    Raises:
        TooMuchError: storages share what they hold, or a file has many names.
    """
    every = [entry for entry in file.entries if _is_data(entry)]
    found: set[int] = set()
    for storage in file.entries if every else ():
        held = list(file.within(storage)) if storage.storage else []
        data = [entry for entry in held if _is_data(entry)]
        found.update(map(id, data))
        names = _names(file, held) if data else ()
        yield from (Attachment(names, entry) for entry in data)
    yield from (Attachment((_NAMELESS.encode(),), entry) for entry in every if id(entry) not in found)


def reminders(file: CompoundFile) -> Iterator[tuple[Trait, str]]:
    """Where a reminder plays a file of another machine, which then learns who its user is.

    Raises:
        TooMuchError: its streams share their bytes.
    """
    numbers = {number for entry in file.entries if _is(entry, _NAMED) for number in _numbers(file, entry)}
    for entry in file.entries if numbers else ():
        tag = _TEXT.fullmatch(entry.name.lower())
        if tag and int(tag[1], 16) in numbers and is_share(_text(file, entry, tag[2])):
            yield Trait.REMINDER, entry.name


def _is(entry: Entry, name: str) -> bool:
    return not entry.storage and entry.name.lower() == name


def _is_data(entry: Entry) -> bool:
    return _is(entry, _DATA)


def _names(file: CompoundFile, held: Iterable[Entry]) -> tuple[bytes, ...]:
    told: dict[str, list[str]] = {}
    for entry in held:
        tag = _TEXT.fullmatch(entry.name.lower())
        if tag and tag[1] in _NAMING and (text := _text(file, entry, tag[2])):
            told.setdefault(tag[1], []).append(text)
    names = told.get(_LONG_NAME, []) + told.get(_SHORT_NAME, []) or told.get(_SHOWN_NAME, [])
    names = names or [_NAMELESS + suffix for suffix in told.get(_SUFFIX, [""])]
    return distinct(name.encode() for name in names)


def _text(file: CompoundFile, entry: Entry, coding: str) -> str:
    """Text in UTF-16, or in a code page, whose letters beyond ASCII tell nothing here."""
    raw = file.read(entry, _TEXT_MOST)
    return raw.decode("utf-16-le" if coding == _UTF_16 else "cp1252", "replace").rstrip("\0")


def _numbers(file: CompoundFile, entry: Entry) -> Iterator[int]:
    """The numbers under which this message keeps the file of its reminder."""
    raw = file.read(entry, _NAMED_MOST)
    for name, kind, number in struct.iter_unpack("<LHH", raw[: len(raw) // 8 * 8]):
        if name == _REMINDER_FILE and not kind & 1:
            yield _FIRST_NAMED + number
