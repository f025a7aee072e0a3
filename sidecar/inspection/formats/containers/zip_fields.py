"""What stands in a ZIP beside the bytes of its entries: names, comments, extra fields, gaps."""

import struct
from collections.abc import Iterator
from itertools import islice
from typing import Final

from sidecar.inspection.formats.anatomy import Data
from sidecar.inspection.formats.containers.zip_directory import Entry, ZipError, entries, find
from sidecar.inspection.formats.containers.zip_header import header_at

_MOST: Final = 20_000
"""Entries whose own headers are looked at: twice what may be within a file by default."""
_END: Final = b"PK\5\6"
_END_MOST: Final = 65_535 + 22
"""An end record with the longest comment (APPNOTE 4.3.16)."""


def beside_entries(data: Data) -> Iterator[bytes]:
    """All of it, piece by piece; of what cannot be read as a ZIP its end record."""
    try:
        directory = find(data)
        listed = list(islice(entries(data, directory), _MOST))
    except (ZipError, struct.error):
        at = data.rfind(_END, max(0, len(data) - _END_MOST))
        yield data[at:] if at >= 0 else b""
        return
    reached = 0
    for start, stop in sorted(_packed(data, listed)):
        yield data[reached:start]
        reached = max(reached, min(stop, directory.start))
    yield data[reached:]


def _packed(data: Data, listed: list[Entry]) -> Iterator[tuple[int, int]]:
    """Where the bytes of each entry begin and end."""
    for entry in listed:
        try:
            start = header_at(data, entry.offset).start
        except (ZipError, struct.error):
            continue
        yield start, start + entry.packed
