"""A ZIP as those see it who read it from its beginning: an entry of unknown size ends where its descriptor seems to."""

import struct
from collections.abc import Iterator
from typing import Final

from sidecar.inspection.formats.anatomy import Data
from sidecar.inspection.formats.containers.zip_directory import BEGINS, Entry, ZipError
from sidecar.inspection.formats.containers.zip_header import header_at
from sidecar.inspection.formats.inflating import inflate
from sidecar.inspection.opening.zip_found import DESCRIPTOR, Found, found_behind

_DEFLATED: Final = 8
_SIZES: Final = (struct.Struct("<8xL4x"), struct.Struct("<8xQ8x"))
"""A descriptor with the packed size, and that of ZIP64 (APPNOTE 4.3.9)."""
_MOST: Final = 10_000
_FEW: Final = 512


class AmbiguousError(Exception):
    """Some readers see another end of an entry than its directory tells; the message says where."""


def entries_within(data: Data, entry: Entry, start: int) -> Iterator[Found]:
    """The entries that some readers find within the bytes of one whose size stands behind it.

    Most inflate to the end; node's unzipper seeks the next descriptor, libarchive one that tells how many bytes stand
    before it. Within a ZIP every entry is judged when that is opened, and honest ones have descriptors, too.

    Raises:
        AmbiguousError: a descriptor ends the entry, or so many could that nobody can tell.
    """
    at = data.find(DESCRIPTOR, start, start + entry.packed)
    holds_zip = at >= 0 and _begins_as_zip(data, entry, start)
    for count, found in enumerate(_behind_descriptors(data, at, start, start + entry.packed, whole=holds_zip)):
        if count >= _MOST:
            raise AmbiguousError(f"more than {_MOST} entries")
        yield found


def _behind_descriptors(data: Data, at: int, start: int, stop: int, *, whole: bool) -> Iterator[Found]:
    for _ in range(_MOST):
        if at < 0:
            return
        for layout in _SIZES:
            if _ends(data, layout, at, start):
                raise AmbiguousError(f"another end at its byte {at - start}")
            yield from () if whole else _one_after_the_other(data, at + layout.size, stop)
        at = data.find(DESCRIPTOR, at + len(DESCRIPTOR), stop)
    if not whole:
        raise AmbiguousError(f"more than {_MOST} ends")


def _one_after_the_other(data: Data, at: int, stop: int) -> Iterator[Found]:
    """Those that follow each other, be it beyond the entry; a descriptor within it is met anyway."""
    while True:
        try:
            found = found_behind(data, header_at(data, at))
        except ZipError:
            return
        yield found
        if not found.measured and found.stop < stop:
            return
        at = found.stop if found.measured else found.stop + _SIZES[0].size


def _begins_as_zip(data: Data, entry: Entry, start: int) -> bool:
    head = data[start : start + min(entry.packed, _FEW)]
    return (inflate(head, 8, raw=True).data if entry.method == _DEFLATED else head).startswith(BEGINS)


def _ends(data: Data, layout: struct.Struct, at: int, start: int) -> bool:
    described = data[at : at + layout.size]
    return len(described) == layout.size and layout.unpack(described)[0] == at - start
