"""The fields before the packed bytes of a gzip file, and the name among them (RFC 1952, section 2.3)."""

from typing import Final, NamedTuple

from sidecar.inspection.formats.anatomy import Data

_MOST: Final = 65_536 + 1024
"""Bytes that are looked at: an extra field as long as one can be, and names."""
_FIXED: Final = 10
_EXTRA: Final = 4
_NAME: Final = 8
_COMMENT: Final = 16


class Fields(NamedTuple):
    """What anybody can write there."""

    text: bytes
    """Extra field, name and comment, as they stand."""
    name: bytes
    """What `gunzip -N` and 7-Zip call the file; empty where it has none."""


def fields_of(data: Data) -> Fields:
    """The fields of the first stream, and nothing of its packed bytes, which are random."""
    head = bytes(data[:_MOST])
    flags = head[3] if len(head) > _FIXED else 0
    end, name = _FIXED, b""
    if flags & _EXTRA:
        end += 2 + int.from_bytes(head[end : end + 2], "little")
    for field in (_NAME, _COMMENT):
        if flags & field:
            text = head[end:].partition(b"\0")[0]
            name, end = text if field == _NAME else name, end + len(text) + 1
    return Fields(head[_FIXED:end], name)
