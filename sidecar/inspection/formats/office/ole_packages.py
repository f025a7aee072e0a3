"""Files that a compound file holds as they are: in streams of their own, and in objects of the packager."""

import struct
from collections.abc import Iterator
from contextlib import suppress
from typing import Final, NamedTuple

from sidecar.inspection.formats.containers.zip_directory import ZipError
from sidecar.inspection.formats.office.ole2 import CompoundFile, Entry
from sidecar.inspection.formats.office.package import Package

_STREAMS: Final = frozenset({"package", "contents", "embeddedodf"})
"""Documents of Office since 2007, of Acrobat, and of OpenOffice."""
_BY_PART: Final = {
    "word/document.xml": b".docx", "xl/workbook.xml": b".xlsx", "xl/workbook.bin": b".xlsb",
    "ppt/presentation.xml": b".pptx", "visio/document.xml": b".vsdx",
}  # fmt: skip
"""What a document of Office is called by one of its parts: where nothing says so, these would be judged as files."""
_PACKAGE: Final = "\1ole10native"
_SIZE: Final = struct.Struct("<L")
_NAMED, _EMBEDDED = 2, 3
_LONGEST: Final = 4096
"""Bytes of one of the names before a file."""
_NAMELESS: Final = b"object"


class LinkError(Exception):
    """A package leads to a file elsewhere or to a command, or programs read it in different ways."""


class Held(NamedTuple):
    """A file within."""

    names: tuple[bytes, ...]
    """Each that a program could give it, the likeliest first."""
    data: bytes


def whole_files(file: CompoundFile) -> Iterator[Held]:
    """Streams that are files.

    Raises:
        TooMuchError: streams share their bytes.
    """
    for entry in file.entries:
        if not entry.storage and entry.name.lower() in _STREAMS:
            data = file.read(entry, entry.size)
            yield Held((entry.name.encode() + _suffix(data),), data)


def packages(file: CompoundFile) -> Iterator[Held]:
    """The files in packages, and what other programs of former days keep as these do.

    Raises:
        LinkError: what one holds cannot be told.
        TooMuchError: streams share their bytes.
    """
    for entry in file.entries:
        if not entry.storage and entry.name.lower() == _PACKAGE:
            yield _held(file, entry)


def _suffix(data: bytes) -> bytes:
    if not data.startswith(b"PK"):
        return b""
    try:
        paths = Package(data).paths
    except ZipError:
        return b""
    return next((suffix for part, suffix in _BY_PART.items() if part in paths), b"")


def _held(file: CompoundFile, entry: Entry) -> Held:
    data = file.read(entry, entry.size)[_SIZE.size :]
    if data[:2] != _NAMED.to_bytes(2, "little"):
        return Held((_NAMELESS,), data)
    try:
        return _named(data)
    except (ValueError, struct.error) as error:
        raise LinkError from error


def _named(data: bytes) -> Held:
    """Behind a label and a path stand what it is and another path, then the file, then the names in UTF-16."""
    label_ends = data.index(b"\0", 2, 2 + _LONGEST)
    path_ends = data.index(b"\0", label_ends + 1, label_ends + 1 + _LONGEST)
    kind, length = struct.unpack_from("<2xHL", data, path_ends + 1)
    at = path_ends + 9
    copied = data[at : at + length]
    if kind != _EMBEDDED or copied.find(b"\0") != length - 1:
        raise ValueError
    (size,) = _SIZE.unpack_from(data, at + length)
    start = at + length + _SIZE.size
    names = [data[2:label_ends], data[label_ends + 1 : path_ends], copied[:-1], *_wide(data, start + size)]
    bases = dict.fromkeys(name.replace(b"/", b"\\").rpartition(b"\\")[2] for name in names)
    return Held(tuple(filter(None, bases)) or (_NAMELESS,), data[start : start + size])


def _wide(data: bytes, at: int) -> Iterator[bytes]:
    with suppress(struct.error):
        for _ in range(3):
            end = at + _SIZE.size + 2 * _SIZE.unpack_from(data, at)[0]
            yield data[at + _SIZE.size : min(end, at + _LONGEST)].decode("utf-16-le", "replace").rstrip("\0").encode()
            at = end
