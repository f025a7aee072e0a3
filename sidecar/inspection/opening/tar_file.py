"""A tar file, opened."""

from collections.abc import Iterator
from typing import Final

from sidecar.inspection.finding import Finding, printable
from sidecar.inspection.formats.containers.tar_fields import TarError, TwofoldError
from sidecar.inspection.formats.containers.tar_headers import DEVICES, FOLDER, LINKS, LISTED, Tar, TarEntry
from sidecar.inspection.formats.containers.unpacking import blank, stored
from sidecar.inspection.opening.archive import Archive
from sidecar.inspection.opening.reasons import (
    ARCHIVE_AMBIGUOUS,
    ARCHIVE_DAMAGED,
    ARCHIVE_DEVICE,
    ARCHIVE_LINK,
    ARCHIVE_UNSUPPORTED,
)

_PLAIN: Final = b"\x000 7"
"""Files also where they are empty. What other types there are, GNU's tar and Python unpack as files (POSIX.1-2001)."""


def open_tar(archive: Archive) -> Iterator[Finding]:
    """Everything that is wrong with it and with what it holds."""
    tar = Tar(archive.whole.data)
    try:
        for entry in tar.entries():
            yield from _entry(archive, entry)
            if archive.over:
                return
    except TwofoldError as error:
        yield Finding(ARCHIVE_AMBIGUOUS, f"{error} (byte {tar.end})")
        return
    except TarError as error:
        yield Finding(ARCHIVE_DAMAGED, str(error))
        return
    if not blank(archive.whole.data, tar.end):
        yield Finding(ARCHIVE_AMBIGUOUS, "data behind its end")


def _entry(archive: Archive, entry: TarEntry) -> Iterator[Finding]:
    name = printable(entry.path)
    yield from archive.enter(*(entry.names or (b"",)))
    if archive.over:
        return
    if entry.kind in LINKS:
        if not archive.rules.links:
            yield Finding(ARCHIVE_LINK, f"{name}: to {printable(entry.link)}")
    elif entry.kind in DEVICES:
        yield Finding(ARCHIVE_DEVICE, name)
    elif entry.sparse:
        yield Finding(ARCHIVE_UNSUPPORTED, f"{name}: a sparse file")
    elif entry.kind == LISTED and entry.path.endswith(b"/"):
        yield from archive.whole.part(entry.path, _pieces(archive, entry))
    elif entry.kind != FOLDER and (entry.size or (entry.kind in _PLAIN and not entry.path.endswith(b"/"))):
        yield from archive.file(entry.path, _pieces(archive, entry), entry.size, *entry.also)


def _pieces(archive: Archive, entry: TarEntry) -> Iterator[bytes]:
    return stored(archive.whole.data, entry.start, entry.start + entry.size)
