"""Files as the packager of Windows packs them in streams called Ole10Native."""

import struct


def package(data: bytes, label: str, path: str = "", copied: str = "", wide: str = "", *, kind: int = 3) -> bytes:
    """A file with its names: those that are not told are like the label."""
    names = [(name or label).encode("cp1252") + b"\0" for name in (label, path, copied)]
    body = b"\2\0" + names[0] + names[1] + struct.pack("<HHL", 0, kind, len(names[2])) + names[2]
    body += struct.pack("<L", len(data)) + data
    for name in (copied or label, wide or label, path or label):
        body += struct.pack("<L", len(name)) + name.encode("utf-16-le")
    return struct.pack("<L", len(body)) + body
