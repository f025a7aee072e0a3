"""A ZIP behind data that is no picture, sound, film, font or plain text, and data that holds one as it is."""

import sqlite3
import struct

from tests.corpus.files.packing import bad, good
from tests.corpus.files.polyglots import archive
from tests.inspection import samples as s
from tests.inspection.ole_files import ole

_TEXTS = {
    "a.svg": s.svg() + b"\n", "a.rtf": s.rtf(), "a.eps": b"%!PS-Adobe-3.0 EPSF-3.0\nshowpage\n",
    "a.ics": b"BEGIN:VCALENDAR\nEND:VCALENDAR\n",
}  # fmt: skip
_HOLDS = {
    "a.doc": s.ole(), "old-word.doc": b"\xdb\xa5\x2d\0" + bytes(700),
    "a.sqlite": b"SQLite format 3\0\x10\0\1\1\0@  " + bytes(4072), "a.pcap": b"\xd4\xc3\xb2\xa1\2\0\4\0" + bytes(16),
    "a.wk1": b"\0\0\2\0\6\4\6\0\x08\0" + bytes(30), "a.blend": b"BLENDER-v300" + bytes(100),
    "a.h5": b"\x89HDF\r\n\x1a\n" + bytes(100), "a.mo": b"\xde\x12\4\x95" + bytes(100),
    "a.nes": b"NES\x1a" + bytes(100), "a.qcow": b"QFI\xfb\0\0\0\3" + bytes(100), "a.torrent": b"d8:announce3:abce",
    "a.jks": b"\xfe\xed\xfe\xed\0\0\0\2" + bytes(40), "a.pst": b"!BDN" + bytes(200),
    "a.mdb": b"\0\1\0\0Standard Jet DB\0" + bytes(200),
}  # fmt: skip
"""What may hold whole files as they are."""
_KNOWN = _TEXTS | _HOLDS
_TOLD = {name: data for name, data in _KNOWN.items() if name != "old-word.doc"}
"""What libmagic knows whatever it is called."""


def _padded(data: bytes) -> bytes:
    """A file kept within another that is made of sectors, pages or packets."""
    return data + bytes(512 - len(data) % 512)


def _with_decoy(data: bytes) -> bytes:
    """Readers that pass over a record with a wrong comment open the archive before it."""
    entry = b"PK\1\2" + bytes(42)
    return data + archive(entry + b"PK\5\6" + struct.pack("<4xHHIIH", 1, 1, len(entry), 0, 9))


def _packets(data: bytes, size: int) -> bytes:
    """A capture of a file on its way, and of what came behind it."""
    pieces = [data[at : at + size] for at in range(0, len(data), size)] + [b"226 done\r\n"]
    return _TOLD["a.pcap"] + b"".join(struct.pack("<4L", 1, 1, len(piece), len(piece)) + piece for piece in pieces)


def _database(*blobs: bytes) -> bytes:
    base = sqlite3.connect(":memory:")
    base.execute("CREATE TABLE kept (file BLOB, name TEXT)")
    base.executemany("INSERT INTO kept VALUES (?, 'a.zip')", [(blob,) for blob in blobs])
    base.commit()
    return base.serialize()


_DANGEROUS = (
    *(bad(f"behind-{name}", lambda data=data: data + archive(), "polyglot") for name, data in _KNOWN.items()),
    *(
        bad(f"behind-{at}.dat", lambda data=data: data + archive(b"c" * 60_000), "polyglot")
        for at, data in enumerate(_TOLD.values())
    ),
    *(bad(f"decoy-behind-{name}", lambda data=data: _with_decoy(data), "polyglot") for name, data in _KNOWN.items()),
)

_HONEST = (
    *(good(f"plain-{name}", lambda data=data: data) for name, data in _KNOWN.items()),
    *(good(f"within-{name}", lambda data=data: _padded(data + archive())) for name, data in _HOLDS.items()),
    good("objects.msg", lambda: ole({"__properties": b"x" * 99, "attached": archive() * 40, "other": archive()})),
    *(good(f"packets-of-{size}.pcap", lambda size=size: _packets(archive() * 9, size)) for size in (60, 1460)),
    *(good(f"{count}-kept.sqlite", lambda count=count: _database(*[archive()] * count)) for count in (1, 30, 999)),
    good("large-kept.sqlite", lambda: _database(archive(b"c" * 9000), archive(b"c" * 50_000))),
)

CASES = (*_DANGEROUS, *_HONEST)
