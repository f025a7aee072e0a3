"""Compound files, made stream by stream: sectors of 512 bytes, every stream in sectors of its own."""

import struct
from uuid import UUID

_END, _FREE, _TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def ole(streams: dict[str, bytes] | None = None, storages: dict[str, str] | None = None, root: str = "") -> bytes:
    """A file of these streams, and of these storages with their classes; `a/b` stands in the storage `a`."""
    entries = [("Root Entry", 5, _guid(root), _END, 0)]
    entries += [(name, 1, _guid(each), 0, 0) for name, each in (storages or {}).items()]
    sectors: list[bytes] = []
    table: list[int] = []
    for name, data in (streams or {}).items():
        padded = data.ljust(4096, b"\0")
        start = len(sectors)
        sectors += [padded[at : at + 512].ljust(512, b"\0") for at in range(0, len(padded), 512)]
        table += [*range(start + 1, len(sectors)), _END]
        entries.append((name, 2, bytes(16), start, len(padded)))
    directory = b"".join(map(_entry, entries, _links([name for name, *_ in entries])))
    start = len(sectors)
    sectors += [directory[at : at + 512].ljust(512, b"\0") for at in range(0, len(directory), 512)]
    table += [*range(start + 1, len(sectors)), _END]
    tables = 1
    while tables * 128 < len(sectors) + tables:
        tables += 1
    places = range(len(sectors), len(sectors) + tables)
    numbers = [*table, *[_TABLE] * tables]
    numbers += [_FREE] * (tables * 128 - len(numbers))
    head = struct.pack(
        "<8s16s5H6s9L", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", bytes(16), 62, 3, 0xFFFE, 9, 6, bytes(6), 0, tables, start,
        0, 4096, _END, 0, _END, 0,
    )  # fmt: skip
    head += struct.pack("<109L", *places, *[_FREE] * (109 - tables))
    return head + b"".join(sectors) + struct.pack(f"<{len(numbers)}L", *numbers)


def _guid(text: str) -> bytes:
    return UUID(text).bytes_le if text else bytes(16)


def _links(paths: list[str]) -> list[tuple[int, int]]:
    """For each entry, what follows it in its storage, and what it holds first."""
    after, first, last = [_FREE] * len(paths), [_FREE] * len(paths), {}
    for number, path in enumerate(paths[1:], 1):
        holder = path.rpartition("/")[0]
        if holder in last:
            after[last[holder]] = number
        else:
            first[paths.index(holder) if holder else 0] = number
        last[holder] = number
    return list(zip(after, first, strict=True))


def _entry(fields: tuple[str, int, bytes, int, int], links: tuple[int, int]) -> bytes:
    path, kind, class_id, start, size = fields
    raw = (path.rpartition("/")[2] + "\0").encode("utf-16-le")
    return struct.pack(
        "<64sHBB3L16sL16sLQ", raw, len(raw), kind, 1, _FREE, *links, class_id, 0, bytes(16), start, size
    )  # fmt: skip


def workbook(*records: tuple[int, bytes]) -> bytes:
    """The records of a workbook, its end behind them."""
    every = ((0x809, b"\0\6\5\0" + bytes(12)), *records, (0x0A, b""))
    return b"".join(struct.pack("<HH", kind, len(body)) + body for kind, body in every)


def word(*pieces: str, template: str = "") -> dict[str, bytes]:
    """The streams of a document whose text is in these pieces, every other one in UTF-16, last piece first."""
    text, places, at = b"", [], 0
    for number, piece in reversed(list(enumerate(pieces))):
        data = piece.encode("utf-16-le" if number % 2 else "cp1252")
        start = 1024 + len(text)
        places.append(struct.pack("<HLH", 0, start if number % 2 else start * 2 | 0x40000000, 0))
        text += data
    counts = [0, *(at := at + len(piece) for piece in pieces)]
    told = struct.pack(f"<{len(counts)}L", *counts) + b"".join(reversed(places))
    told = b"\1\2\0xx\2" + struct.pack("<L", len(told)) + told
    strings = struct.pack("<3HHH", 0xFFFF, 18, 0, 0, len(template)) + template.encode("utf-16-le") + bytes(32)
    document = bytearray(b"\xec\xa5\xc1\0".ljust(1024, b"\0")) + text
    struct.pack_into("<4L", document, 0x19A, 0, len(strings), len(strings), len(told))
    return {"WordDocument": bytes(document), "1Table": strings + told}
