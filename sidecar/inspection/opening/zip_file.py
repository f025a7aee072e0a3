"""A ZIP file, opened: its directory first, then every entry."""

import stat
import zlib
from collections.abc import Iterator
from itertools import chain
from typing import Final

from sidecar.inspection.finding import Finding, printable
from sidecar.inspection.formats.unpacking import CODECS, DamagedError, Stream, stored
from sidecar.inspection.formats.zip_directory import Directory, Entry, ZipError, data_of, entries, find
from sidecar.inspection.limits import INSIDE_TOO_MANY
from sidecar.inspection.opening.archive import Archive
from sidecar.inspection.opening.reasons import (
    ARCHIVE_AMBIGUOUS,
    ARCHIVE_DAMAGED,
    ARCHIVE_DEVICE,
    ARCHIVE_ENCRYPTED,
    ARCHIVE_LINK,
    ARCHIVE_OVERLAP,
    ARCHIVE_UNSUPPORTED,
)

_STORED: Final = 0
_CODECS: Final = {8: "deflate", 12: "bzip2", 93: "zstd", 95: "xz"}
_DESCRIPTOR_MOST: Final = 24
"""Bytes behind an entry that may tell its size (APPNOTE, section 4.3.9), with a signature and in ZIP64."""
_PADDING_MOST: Final = 4096
"""Zeros and line ends that may stand behind the end, as tapes, mails and PDFs leave them."""

Place = tuple[Entry, int]
"""An entry, and where its bytes begin."""


def open_zip(archive: Archive) -> Iterator[Finding]:
    """Everything that is wrong with it and with what it holds."""
    data = archive.whole.data
    try:
        directory = find(data)
        if directory.count > archive.rules.inside.max_files:
            yield Finding(INSIDE_TOO_MANY, str(directory.count), f"at most {archive.rules.inside.max_files}")
            return
        listed = list(entries(data, directory))
    except ZipError as error:
        yield Finding(ARCHIVE_DAMAGED, str(error))
        return
    places: list[Place] = []
    for finding in chain(
        _frame(archive, directory, listed), _headers(archive, listed, places), _layout(archive, directory, places)
    ):
        yield finding
        if finding.reason is ARCHIVE_OVERLAP:
            return
    for entry, start in places:
        if archive.over:
            return
        yield from _entry(archive, entry, start)


def _frame(archive: Archive, directory: Directory, listed: list[Entry]) -> Iterator[Finding]:
    """Whether the ZIP is all of the file."""
    if directory.end_records > 1:
        yield Finding(ARCHIVE_AMBIGUOUS, f"{directory.end_records} end records")
    behind = archive.whole.data[directory.end : directory.end + _PADDING_MOST]
    if behind.strip(b"\0\r\n") or len(behind) == _PADDING_MOST:
        yield Finding(ARCHIVE_AMBIGUOUS, f"{len(archive.whole) - directory.end} bytes behind its end")
    before = min((entry.offset for entry in listed), default=directory.start)
    if directory.shift or before > 0:
        yield Finding(ARCHIVE_AMBIGUOUS, f"{max(before, directory.shift)} bytes before its beginning")


def _headers(archive: Archive, listed: list[Entry], places: list[Place]) -> Iterator[Finding]:
    """Whether every entry has a header that says the same; where its bytes begin goes to `places`."""
    for entry in listed:
        yield from archive.enter(entry.path)
        try:
            start, difference = data_of(archive.whole.data, entry)
        except ZipError as error:
            yield Finding(ARCHIVE_DAMAGED, f"{printable(entry.path)}: {error}")
            continue
        places.append((entry, start))
        if difference:
            yield Finding(ARCHIVE_AMBIGUOUS, f"{printable(entry.path)}: its header has another {difference}")


def _layout(archive: Archive, directory: Directory, places: list[Place]) -> Iterator[Finding]:
    """Whether entries share bytes, or leave room for others that only some readers see."""
    reached, data = 0, archive.whole.data
    for entry, start in sorted(places, key=lambda place: place[0].offset):
        if entry.offset < reached or start + entry.packed > directory.start:
            yield Finding(ARCHIVE_OVERLAP, printable(entry.path))
            return
        if entry.offset - reached > _DESCRIPTOR_MOST and data.find(b"PK\3\4", reached, entry.offset) >= 0:
            yield Finding(ARCHIVE_AMBIGUOUS, f"an entry before {printable(entry.path)} that is not in the directory")
        reached = start + entry.packed
    if places and data.find(b"PK\3\4", reached, directory.start) >= 0:
        yield Finding(ARCHIVE_AMBIGUOUS, "an entry behind the last that is not in the directory")


def _entry(archive: Archive, entry: Entry, start: int) -> Iterator[Finding]:
    name = printable(entry.path)
    if stat.S_ISLNK(entry.mode) and not archive.rules.links:
        yield Finding(ARCHIVE_LINK, name)
    elif stat.S_IFMT(entry.mode) not in {0, stat.S_IFREG, stat.S_IFDIR, stat.S_IFLNK}:
        yield Finding(ARCHIVE_DEVICE, name)
    elif entry.encrypted:
        yield Finding(ARCHIVE_ENCRYPTED, name)
    elif entry.method != _STORED and _CODECS.get(entry.method) not in CODECS:
        yield Finding(ARCHIVE_UNSUPPORTED, f"{name}: method {entry.method}")
    elif not entry.path.endswith((b"/", b"\\")) or entry.packed:
        yield from archive.file(entry.path, _unpacked(archive, entry, start), entry.packed)


def _unpacked(archive: Archive, entry: Entry, start: int) -> Iterator[bytes]:
    """The bytes of an entry, its size and checksum with them: readers differ where they do not fit."""
    stop, data = start + entry.packed, archive.whole.data
    plain = entry.method == _STORED
    pieces = stored(data, start, stop) if plain else Stream(data, start, stop, _CODECS[entry.method]).pieces()
    out = crc = 0
    for piece in pieces:
        out, crc = out + len(piece), zlib.crc32(piece, crc)
        yield piece
    if (out, crc) != (entry.size, entry.crc):
        raise DamagedError("size or checksum is not what was said")
