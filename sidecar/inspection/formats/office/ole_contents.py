"""Documents of Office before 2007 (MS-DOC, MS-XLS, MS-PPT) and objects: what they do besides being read."""

import re
import struct
from collections.abc import Iterator
from enum import Enum
from typing import Final
from uuid import UUID

from sidecar.inspection.formats.anatomy import Data
from sidecar.inspection.formats.bounds import Budget
from sidecar.inspection.formats.inflating import inflate
from sidecar.inspection.formats.office.addresses import is_remote
from sidecar.inspection.formats.office.fields import is_dde, reads_elsewhere
from sidecar.inspection.formats.office.ole2 import CompoundFile, Entry
from sidecar.inspection.formats.office.word_binary import codes, templates

_STREAM_MOST: Final = 64 * 1024 * 1024
_LINK_MOST: Final = 64 * 1024
_OBJECTS_MOST: Final = 1000
_PAIRS_MOST: Final = 10_000
_TABLES: Final = frozenset({"0table", "1table"})


class Trait(Enum):
    """One thing that was found; the value says it in words."""

    MACROS = "macros"
    PACKAGE = "a packed file"
    EQUATION = "an object of the equation editor"
    LINK = "something of another machine"
    REMINDER = "a reminder with a sound of another machine"
    DDE = "DDE"
    INSTALLER = "an installer"
    ENCRYPTED = "encrypted"


def _class(text: str) -> bytes:
    return UUID(text).bytes_le


_MACRO_NAMES: Final = frozenset({"_vba_project", "macros", "_vba_project_cur", "vba"})
_BY_NAME: Final = {
    **dict.fromkeys(_MACRO_NAMES, Trait.MACROS),
    "\1ole10native": Trait.PACKAGE, "\1ole10itemname": Trait.PACKAGE,
    "encryptedpackage": Trait.ENCRYPTED, "encryptedsummary": Trait.ENCRYPTED,
}  # fmt: skip
_BY_CLASS: Final = {
    _class("0002CE02-0000-0000-C000-000000000046"): Trait.EQUATION,  # CVE-2017-11882
    _class("0003000C-0000-0000-C000-000000000046"): Trait.PACKAGE,
    _class("F20DA720-C02F-11CE-927B-0800095AE340"): Trait.PACKAGE,
    _class("3050F4D8-98B5-11CF-BB82-00AA00BDCE0B"): Trait.LINK,  # HTA, CVE-2017-0199
    _class("06290BD3-48AA-11D2-8432-006008C3FBFC"): Trait.LINK,  # scriptlet
    _class("000C1084-0000-0000-C000-000000000046"): Trait.INSTALLER,
    _class("000C1086-0000-0000-C000-000000000046"): Trait.INSTALLER,
    _class("000C1082-0000-0000-C000-000000000046"): Trait.INSTALLER,
}
_MONIKERS: Final = (
    _class("79EAC9E0-BAF9-11CE-8C82-00AA004BA90B"),  # URL moniker
    _class("ECABB0C7-7F19-11D2-978E-0000F8757E2A"),  # SOAP moniker, CVE-2017-8759
    _class("06290BD3-48AA-11D2-8432-006008C3FBFC"),
)
_VBA_INFO: Final = re.compile(rb"\x1f\0\xff\x03\x14\0\0\0\x02\0\0\x04\x0c\0\0\0....(?!\0\0\0\0)....", re.DOTALL)
"""RT_VbaInfo with a VbaInfoAtom whose fHasMacros is set (MS-PPT, section 2.4.10)."""
_PPT_OBJECT: Final = b"\x10\0\x11\x10"
_FILEPASS, _SHEET, _SUPBOOK, _EOF = 0x2F, 0x85, 0x1AE, 0x0A
_SHELL: Final = re.compile(rb"cmd|powershell|mshta|rundll|regsvr|wscript|cscript|\.exe|msexcel")
_RECORDS_MOST: Final = 200_000
_BEGINS: Final = frozenset({0x09, 0x209, 0x409, 0x809})
"""BOF, from BIFF2 to BIFF8 (MS-XLS, section 2.4.21): version and type of what begins there."""
_MACRO_SHEET, _WORKSPACE = b"\x40\0", b"\0\1"
_BARE: Final = re.compile(
    rb"\x09[\x00\x02\x04\x08][\x04-\x08\x0b\x0c\x0e-\x10]\x00..(?:\x05\x00|\x40\x00|\x00\x01)", re.DOTALL
)
"""A macro sheet or a workbook in no compound file. No length is a letter, or text in UTF-16 could begin so."""


class _Tables:
    """The streams of which each may be the table of each document of Word: of those within it, too."""

    def __init__(self, file: CompoundFile) -> None:
        self._all = [file.read(entry, _STREAM_MOST) for entry in file.entries if entry.name.lower() in _TABLES]
        self._budget = Budget(_PAIRS_MOST, "documents within")

    def of_document(self) -> list[bytes]:
        self._budget.spend(len(self._all))
        return self._all


def traits(file: CompoundFile) -> Iterator[tuple[Trait, str]]:
    """What is in it, and where."""
    if trait := _BY_CLASS.get(file.root):
        yield trait, "its class"
    tables = _Tables(file)
    for entry in file.entries:
        lower = entry.name.lower()
        found = _BY_NAME.get(lower) or _BY_CLASS.get(entry.class_id)
        if found and (lower != "vba" or entry.storage):
            yield found, entry.name
        yield from _of_stream(file, entry, lower, tables)


def is_bare_workbook(head: bytes) -> bool:
    """Whether it begins with the records of a workbook or of a macro sheet, as BIFF2 to BIFF4 have no other form."""
    return bool(_BARE.match(head))


def traits_of_bare(data: Data) -> Iterator[tuple[Trait, str]]:
    """What is in such records."""
    yield from ((trait, "its records") for trait in _of_workbook(data))


def _of_stream(file: CompoundFile, entry: Entry, name: str, tables: _Tables) -> Iterator[tuple[Trait, str]]:
    if entry.storage:
        return
    if name == "\1ole" and any(each in file.read(entry, _LINK_MOST) for each in _MONIKERS):
        yield Trait.LINK, entry.name
    elif name in {"workbook", "book"}:
        yield from ((trait, entry.name) for trait in _of_workbook(file.read(entry, _STREAM_MOST)))
    elif name == "worddocument":
        yield from _of_text(file.read(entry, _STREAM_MOST), tables.of_document())
    elif name == "powerpoint document" and _VBA_INFO.search(file.read(entry, _STREAM_MOST)):
        yield Trait.MACROS, entry.name
    elif name == "current user" and file.read(entry, 16)[12:16] == b"\xdf\xc4\xd1\xf3":
        yield Trait.ENCRYPTED, entry.name


def _of_text(document: bytes, tables: list[bytes]) -> Iterator[tuple[Trait, str]]:
    if document[11:12] and document[11] & 1:  # fEncrypted of FibBase, MS-DOC section 2.5.2
        yield Trait.ENCRYPTED, "its header"
    for code in codes(document, tables):
        if is_dde(code):
            yield Trait.DDE, code.strip()
        elif reads_elsewhere(code):
            yield Trait.LINK, code.strip()
    yield from ((Trait.LINK, name) for name in templates(document, tables) if is_remote(name))


def _of_workbook(data: Data) -> Iterator[Trait]:
    """The records of the first substream, which names the sheets and the links; of a workspace of BIFF4 all."""
    at, last = 0, _EOF
    for _ in range(_RECORDS_MOST):
        if at + 4 > len(data):
            return
        kind, size = struct.unpack_from("<HH", data, at)
        body = data[at + 4 : at + 4 + size]
        at += 4 + size
        if kind == last:
            return
        if kind in _BEGINS:
            last = -1 if body[2:4] == _WORKSPACE else last
            yield from (Trait.MACROS,) if body[2:4] == _MACRO_SHEET else ()
        elif kind == _FILEPASS:
            yield Trait.ENCRYPTED
        elif kind == _SHEET and body[5:6] == b"\1":  # dt of BoundSheet8: an Excel 4.0 macro sheet
            yield Trait.MACROS
        elif kind == _SUPBOOK and _is_dde(body):
            yield Trait.DDE


def _is_dde(body: bytes) -> bool:
    """Whether a link names a program and a topic (MS-XLS, section 2.5.277: parted by U+0003)."""
    path = body[4:].replace(b"\0", b"")
    program, parted, _ = path[1:].partition(b"\3")
    return bool(parted) and (body[:2] == b"\0\0" or _SHELL.search(program.lower()) is not None)


def objects_of_slides(file: CompoundFile) -> Iterator[bytes]:
    """The objects that a presentation keeps compressed (ExOleObjStg, MS-PPT section 2.10.34), macros among them."""
    for entry in file.entries:
        if entry.storage or entry.name.lower() != "powerpoint document":
            continue
        data, at, left = file.read(entry, _STREAM_MOST), 0, _STREAM_MOST
        for _ in range(_OBJECTS_MOST):
            if (at := data.find(_PPT_OBJECT, at)) < 0:
                return
            size = int.from_bytes(data[at + 4 : at + 8], "little")
            out = inflate(memoryview(data)[at + 12 : at + 8 + size], left).data if size > 4 else b""  # noqa: PLR2004
            if out:
                left -= len(out)
                yield out
            if left <= 0:
                return
            at += 8
