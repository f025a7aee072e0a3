"""Sections of OneNote, as far as they tell of the files in them."""

import struct
from uuid import UUID

_END = UUID("71FBA722-0F79-4A0B-BB13-899256426B24").bytes_le
_HEAD = UUID("7B5C52E4-D88C-4DA7-AEB1-5378D02996D3").bytes_le + bytes(range(256)) * 32
"""The header and the lists behind it."""


def notes(*files: tuple[str, bytes]) -> bytes:
    """A section with these files; one without a name is a picture."""
    return _HEAD + b"".join(_properties(name) + _stored(data) for name, data in files)


def shown(text: str) -> bytes:
    """A section with a line of text (RichEditTextUnicode)."""
    return notes() + struct.pack("<HL", 1, 0x1C001C22) + _with_length(text)


def _properties(name: str) -> bytes:
    """An object whose third property of four is the name: before it stand a number and a text."""
    if not name:
        return b""
    kinds = struct.pack("<H4L", 4, 0x14001C1B, 0x1C001D72, 0x1C001D9C, 0x08001C04)
    return bytes(7) + kinds + struct.pack("<L", 7) + _with_length("seen from") + _with_length(name)


def _stored(data: bytes) -> bytes:
    header = UUID("BDE316E7-2665-4511-A4C4-8D4D0B7A9EAC").bytes_le
    return header + struct.pack("<QLQ", len(data), 0, 0) + data + bytes(-len(data) % 8) + _END


def _with_length(text: str) -> bytes:
    raw = (text + "\0").encode("utf-16-le")
    return struct.pack("<L", len(raw)) + raw
