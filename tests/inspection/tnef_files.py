"""Mails as Outlook packs them in `winmail.dat`."""

import struct

TITLE, TRANSPORT, DATA, RENDERING, PROPERTIES, VERSION = 0x18010, 0x69001, 0x6800F, 0x69002, 0x69005, 0x89006


def attribute(number: int, data: bytes, level: int = 2) -> bytes:
    return struct.pack("<BLL", level, number, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def tnef(*attributes: bytes) -> bytes:
    return struct.pack("<LH", 0x223E9F78, 1) + attribute(VERSION, b"\0\0\1\0", 1) + b"".join(attributes)


def attached(name: str, data: bytes, *properties: bytes) -> bytes:
    """One file as it is attached: its bytes stand in an attribute."""
    title = attribute(TITLE, name.encode("cp1252") + b"\0") if name else b""
    return attribute(RENDERING, bytes(14)) + title + attribute(DATA, data) + listed(*properties)


def listed(*properties: bytes) -> bytes:
    return attribute(PROPERTIES, struct.pack("<L", len(properties)) + b"".join(properties)) if properties else b""


def valued(number: int, value: bytes, kind: int = 0x102, before: bytes = b"") -> bytes:
    """A property whose length is told; something may stand before its value."""
    padded = value.ljust(-(-len(value) // 4) * 4, b"\0")
    return struct.pack("<HH", kind, number) + before + struct.pack("<LL", 1, len(value)) + padded


def text(number: int, value: str) -> bytes:
    return valued(number, (value + "\0").encode("utf-16-le"), 0x1F)
