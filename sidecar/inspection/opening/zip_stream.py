"""A ZIP as those see it who read it from its beginning: an entry of unknown size ends where its descriptor seems to."""

import struct
from collections.abc import Iterator
from typing import Final

from sidecar.inspection.formats.containers.zip_directory import BEGINS, Data, Entry
from sidecar.inspection.formats.inflating import inflate

_DEFLATED: Final = 8
_DESCRIPTOR: Final = b"PK\7\x08"
_SIZES: Final = (struct.Struct("<8xL4x"), struct.Struct("<8xQ8x"))
"""A descriptor with the packed size, and that of ZIP64 (APPNOTE 4.3.9)."""
_NAME_FROM: Final = 30
_MOST: Final = 10_000
_FEW: Final = 512


class AmbiguousError(Exception):
    """Some readers see another end of an entry than its directory tells; the message says where."""


def names_within(data: Data, entry: Entry, start: int) -> Iterator[bytes]:
    """Names of the entries that some readers find within the bytes of one whose size stands behind it.

    Most inflate to the end; node's unzipper seeks the next descriptor, libarchive one that tells how many bytes stand
    before it. Within a ZIP every entry is judged when that is opened, and honest ones have descriptors, too.

    Raises:
        AmbiguousError: a descriptor ends the entry, or so many could that nobody can tell.
    """
    stop, at = start + entry.packed, data.find(_DESCRIPTOR, start, start + entry.packed)
    holds_zip = at >= 0 and _begins_as_zip(data, entry, start)
    for _ in range(_MOST):
        if at < 0:
            return
        for layout in _SIZES:
            if _ends(data, layout, at, start):
                raise AmbiguousError(f"another end at its byte {at - start}")
            yield from () if holds_zip else _name(data, at + layout.size, stop)
        at = data.find(_DESCRIPTOR, at + len(_DESCRIPTOR), stop)
    if not holds_zip:
        raise AmbiguousError(f"more than {_MOST} ends")


def _begins_as_zip(data: Data, entry: Entry, start: int) -> bool:
    head = data[start : start + min(entry.packed, _FEW)]
    return (inflate(head, 8, raw=True).data if entry.method == _DEFLATED else head).startswith(BEGINS)


def _ends(data: Data, layout: struct.Struct, at: int, start: int) -> bool:
    described = data[at : at + layout.size]
    return len(described) == layout.size and layout.unpack(described)[0] == at - start


def _name(data: Data, at: int, stop: int) -> Iterator[bytes]:
    if data[at : at + 4] == b"PK\3\4":
        size = int.from_bytes(data[at + 26 : at + 28], "little")
        yield data[at + _NAME_FROM : min(stop, at + _NAME_FROM + size)]
