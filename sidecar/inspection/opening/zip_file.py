"""A ZIP file, opened: its directory first, then every entry."""

import stat
import zlib
from collections.abc import Iterator
from itertools import chain
from typing import Final

from sidecar.inspection.finding import Finding, printable
from sidecar.inspection.formats.anatomy import DamagedError
from sidecar.inspection.formats.containers.unpacking import CODECS, Stream, stored
from sidecar.inspection.formats.containers.zip_directory import (
    MARKER,
    Directory,
    Entry,
    ZipError,
    entries,
    find,
)
from sidecar.inspection.formats.containers.zip_header import Header, difference, header_at
from sidecar.inspection.limits import INSIDE_TOO_MANY
from sidecar.inspection.opening.archive import Archive
from sidecar.inspection.opening.documents import is_document
from sidecar.inspection.opening.reasons import (
    ARCHIVE_AMBIGUOUS,
    ARCHIVE_DAMAGED,
    ARCHIVE_DEVICE,
    ARCHIVE_ENCRYPTED,
    ARCHIVE_LINK,
    ARCHIVE_OVERLAP,
    ARCHIVE_UNSUPPORTED,
)
from sidecar.inspection.opening.zip_found import Seams
from sidecar.inspection.opening.zip_stream import AmbiguousError, entries_within

_STORED: Final = 0
_CODECS: Final = {8: "deflate", 12: "bzip2", 93: "zstd", 95: "xz"}
_FILES: Final = {0, stat.S_IFREG, stat.S_IFDIR, stat.S_IFLNK}
_FOLDERS: Final = {*_FILES, 0o170000}
"""Of a folder also the bits of all kinds, which no system has: Maven's archiver sets them."""
_STANDARD_INPUT: Final = (stat.S_IFIFO, b"-")
"""What Info-ZIP makes of what it reads from a pipe: mode and name are those of the pipe, the bytes are a file."""
_DESCRIPTOR_MOST: Final = 24
"""Bytes behind an entry that may tell its size (APPNOTE, section 4.3.9), with a signature and in ZIP64."""
_PADDING_MOST: Final = 4096
"""Zeros and line ends that may stand behind the end, as tapes, mails and PDFs leave them."""
_LOOKED_AT: Final = 8
"""Times the size of a deflated entry that is unpacked of entries within, to see whether they are whole."""

Place = tuple[Entry, Header]
"""An entry, and the header before its bytes."""


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
    kind = archive.rules.called
    archive.judged = kind is None or not is_document(kind, (entry.path for entry in listed))
    places: list[Place] = []
    for finding in chain(
        _frame(archive, directory, listed), _headers(archive, listed, places), _layout(archive, directory, places)
    ):
        yield finding
        if finding.reason is ARCHIVE_OVERLAP:
            return
    for entry, own in places:
        if archive.over:
            return
        yield from _entry(archive, entry, own)


def _frame(archive: Archive, directory: Directory, listed: list[Entry]) -> Iterator[Finding]:
    """Whether the ZIP is all of the file."""
    if directory.end_records > 1:
        yield Finding(ARCHIVE_AMBIGUOUS, f"{directory.end_records} end records")
    if directory.disagree:
        yield Finding(ARCHIVE_AMBIGUOUS, "two end records that disagree")
    reached = listed[-1].record_end if listed else directory.start
    if reached != directory.stop:  # CVE-2013-4787: some readers go by the number of entries, others by its size
        yield Finding(ARCHIVE_AMBIGUOUS, f"{abs(directory.stop - reached)} bytes too many or too few in its directory")
    behind = archive.whole.data[directory.end : directory.end + _PADDING_MOST]
    if behind.strip(b"\0\r\n") or len(behind) == _PADDING_MOST:
        yield Finding(ARCHIVE_AMBIGUOUS, f"{len(archive.whole) - directory.end} bytes behind its end")
    before = min((entry.offset for entry in listed), default=directory.start)
    marked = len(MARKER) if archive.whole.data[: len(MARKER)] == MARKER else 0
    if directory.shift or before not in {0, marked}:
        yield Finding(ARCHIVE_AMBIGUOUS, f"{max(before, directory.shift)} bytes before its beginning")


def _headers(archive: Archive, listed: list[Entry], places: list[Place]) -> Iterator[Finding]:
    """Whether every entry has a header that says the same; where its bytes begin goes to `places`."""
    for entry in listed:
        try:
            own = header_at(archive.whole.data, entry.offset)
        except ZipError as error:
            yield from archive.enter(entry.path, *entry.extras.unicode_paths)
            yield Finding(ARCHIVE_DAMAGED, f"{printable(entry.path)}: {error}")
            continue
        places.append((entry, own))
        yield from archive.enter(*_names(entry, own))
        if other := difference(entry, own):
            yield Finding(ARCHIVE_AMBIGUOUS, f"{printable(entry.path)}: its header has another {other}")
        if entry.extras.countless or own.extras.countless:
            yield Finding(ARCHIVE_AMBIGUOUS, f"{printable(entry.path)}: more extra fields than are read")


def _names(entry: Entry, own: Header) -> tuple[bytes, ...]:
    """All that some reader could take for its path."""
    return tuple(dict.fromkeys((entry.path, *entry.extras.unicode_paths, *own.extras.unicode_paths)))


def _layout(archive: Archive, directory: Directory, places: list[Place]) -> Iterator[Finding]:
    """Whether entries share bytes, or leave room for others that only some readers see."""
    reached, data = 0, archive.whole.data
    for entry, own in sorted(places, key=lambda place: place[0].offset):
        if entry.offset < reached or own.start + entry.packed > directory.start:
            yield Finding(ARCHIVE_OVERLAP, printable(entry.path))
            return
        if entry.offset - reached > _DESCRIPTOR_MOST and data.find(b"PK\3\4", reached, entry.offset) >= 0:
            yield Finding(ARCHIVE_AMBIGUOUS, f"an entry before {printable(entry.path)} that is not in the directory")
        reached = own.start + entry.packed
    if places and data.find(b"PK\3\4", reached, directory.start) >= 0:
        yield Finding(ARCHIVE_AMBIGUOUS, "an entry behind the last that is not in the directory")


def _entry(archive: Archive, entry: Entry, own: Header) -> Iterator[Finding]:
    name = printable(entry.path)
    kinds = {stat.S_IFMT(mode) for mode in (entry.mode, *entry.extras.modes, *own.extras.modes)}
    known = _FOLDERS if entry.path.endswith(b"/") else _FILES
    if stat.S_IFLNK in kinds and not archive.rules.links:
        yield Finding(ARCHIVE_LINK, name)
    elif any(kind not in known and (kind, entry.path) != _STANDARD_INPUT for kind in kinds):
        yield Finding(ARCHIVE_DEVICE, name)
    elif entry.encrypted:
        yield Finding(ARCHIVE_ENCRYPTED, name)
    elif entry.method != _STORED and _CODECS.get(entry.method) not in CODECS:
        yield Finding(ARCHIVE_UNSUPPORTED, f"{name}: method {entry.method}")
    elif not entry.path.endswith((b"/", b"\\")) or entry.packed:
        behind: list[int] = []
        _, *also = _names(entry, own)
        yield from archive.file(entry.path, _unpacked(archive, entry, own.start, behind), entry.packed, *also)
        for size in behind:
            yield Finding(ARCHIVE_AMBIGUOUS, f"{name}: {size} bytes behind its end")
        if own.described_behind:
            yield from _within(archive, entry, own)


def _within(archive: Archive, entry: Entry, own: Header) -> Iterator[Finding]:
    """Judge what some readers find in the bytes of an entry whose size they do not know: where it is cut, the names."""
    data = archive.whole.data
    seams = Seams(data, _LOOKED_AT * entry.packed)
    try:
        for found in entries_within(data, entry, own.start):
            if archive.over:
                return
            cut = entry.method != _STORED and seams.cut(found)
            yield from archive.file(found.name, () if cut else found.pieces(data), found.stop - found.start)
    except AmbiguousError as error:
        yield Finding(ARCHIVE_AMBIGUOUS, f"{printable(entry.path)}: {error}")


def _unpacked(archive: Archive, entry: Entry, start: int, behind: list[int]) -> Iterator[bytes]:
    """The bytes of an entry, its size and checksum with them: readers differ where they do not fit.

    How many of its packed bytes it does not need goes to `behind`: who reads from the start seeks the next entry there.
    """
    stop, data = start + entry.packed, archive.whole.data
    stream = None if entry.method == _STORED else Stream(data, start, stop, _CODECS[entry.method])
    out = crc = 0
    for piece in stored(data, start, stop) if stream is None else stream.pieces():
        out, crc = out + len(piece), zlib.crc32(piece, crc)
        yield piece
    if stream is not None and stream.end != stop:
        behind.append(stop - stream.end)
    if (out, crc) != (entry.size, entry.crc):
        raise DamagedError("size or checksum is not what was said")
