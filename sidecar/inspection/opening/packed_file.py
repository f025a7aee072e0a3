"""One file under a compression of its own: gzip, bzip2, xz, zstd."""

import re
from collections.abc import Iterator
from typing import Final

from sidecar.inspection.finding import Finding
from sidecar.inspection.formats.anatomy import DamagedError
from sidecar.inspection.formats.containers.gzip_header import fields_of
from sidecar.inspection.formats.containers.unpacking import STEP, blank, members
from sidecar.inspection.opening.archive import Archive, kind_of_path
from sidecar.inspection.opening.reasons import ARCHIVE_AMBIGUOUS

_TARS: Final = (b"tgz", b"taz", b"tbz", b"tbz2", b"tb2", b"tz2", b"txz", b"tzst")
"""Those of GNU tar's --auto-compress whose compression is opened here."""
_INNER: Final = {**dict.fromkeys(_TARS, b".tar"), b"svgz": b".svg"}
_STREAMS_MOST: Final = 10_000
_STREAM_LEAST: Final = 64
"""Bytes that each stream beyond those takes on average: a record of WARC and a line of a log take more."""
_PACKED: Final = frozenset({b"gz", b"bz2", b"xz", b"zst", b"zstd"})
_ROOT: Final = re.compile(rb"(?:[A-Za-z]:)?[/\\]*")
"""Programs write the path that they were called with; readers take off the root."""


def open_packed(archive: Archive, codec: str, name: bytes) -> Iterator[Finding]:
    """Everything that is wrong with it and with what it holds.

    Args:
        archive: to open.
        codec: a key of CODECS.
        name: its file name.
    """
    behind: list[int] = []
    size = len(archive.whole)
    yield from archive.file(_inner(name), _unpacked(archive, codec, behind), size)
    for at in behind:
        yield Finding(ARCHIVE_AMBIGUOUS, f"{size - at} bytes behind its end")
    if codec == "gzip" and not archive.over:
        yield from _named_within(archive, _inner(name))


def _named_within(archive: Archive, inner: bytes) -> Iterator[Finding]:
    """Judge the name in its head, and its content once more where that name says that it is something else.

    7-Zip and `gunzip -N` call it so. The names need not be alike: files are renamed when they are packed, and Python
    writes the name of the archive itself (`x.tgz`).
    """
    named = _ROOT.sub(b"", fields_of(archive.whole.data).name, 1)
    own = _inner(named, named)
    if own and own != inner:
        other = kind_of_path(own) not in {None, kind_of_path(inner)}
        yield from archive.enter(own)
        yield from archive.file(own, _unpacked(archive, "gzip", []) if other else (), len(archive.whole))


def _inner(name: bytes, otherwise: bytes = b"file") -> bytes:
    """What is in a file of this name; `otherwise` where it does not say that it is compressed."""
    base, _, suffix = name.rpartition(b".")
    return (base or b"file") + _INNER.get(suffix.lower(), b"") if suffix.lower() in {*_INNER, *_PACKED} else otherwise


def _unpacked(archive: Archive, codec: str, behind: list[int]) -> Iterator[bytes]:
    """All streams as one; where something else follows the first goes to `behind`.

    So does what stands behind zeros: Python's gzip and xz go on there, GNU's gzip and Python's lzma do not.
    """
    data = archive.whole.data
    for index, stream in enumerate(members(data, codec)):
        start = stream.end
        if index and data[start] == 0 and blank(data, start):
            return
        if index > _STREAMS_MOST + start // _STREAM_LEAST:
            raise DamagedError("too many streams that hold next to nothing")
        try:
            yield from stream.pieces()
        except DamagedError:
            if index and stream.end - start <= STEP:
                behind.append(start)
                return
            raise
