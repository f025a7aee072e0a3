"""The headers of a tar file (POSIX.1-1988 to 2001, and GNU's), read one after the other."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from mmap import mmap
from typing import Final

Data = bytes | mmap

BLOCK: Final = 512
_EXTENDED_MOST: Final = 1024 * 1024
LINKS: Final = b"12"
DEVICES: Final = b"346"
FOLDER: Final = b"5"
_EXTENDED: Final = b"xXgLK"
"""Headers that tell of the entry behind them: pax (`X` is that of Solaris), pax for all, GNU's long names and links."""
_ROOM: Final = 96
"""Bytes from which a name may have been cut to go into its field: GNU's tar leaves 100 of them, bsdtar 98."""
_SPARSE: Final = b"GNU.sparse"
_READ: Final = frozenset({b"path", b"linkpath", b"size", b"GNU.sparse.name"})
_NAME_MOST: Final = 32 * 1024
"""Bytes of a name: Linux has 4096, Windows 32,767 letters."""
_RECORDS_MOST: Final = 100_000
_RECORDS_EACH: Final = 64
"""Records beside those, for each entry: times, owners, attributes."""
_HEADER_COSTS: Final = 8
"""Records that one extended header counts for, beside its own."""
_NAME_PIECE: Final = 16
"""Bytes of a name that count for a record: one that is told for all entries is judged for each."""
_BINARY: Final = (b"\x80", b"\xff")
"""GNU: what a number begins with that is no text, from 8 GiB on."""
_OCTAL: Final = re.compile(rb"[\s\0]*+([0-7]*+)(?![^\s\0])")
"""Readers stop at the first blank or NUL behind the digits, whatever follows."""
_NAME: Final = slice(0, 100)
_CHECKSUM: Final = slice(148, 156)
_PREFIX: Final = slice(345, 500)


class TarError(Exception):
    """It cannot be read further; the message says why."""


@dataclass(frozen=True, slots=True)
class TarEntry:
    """One member."""

    path: bytes
    names: tuple[bytes, ...]
    """All that some reader could take for its path."""
    also: tuple[bytes, ...]
    """Those beside the path of which none is only its beginning."""
    kind: bytes
    link: bytes
    start: int
    size: int
    sparse: bool
    told_twice: bool = False
    """Two headers before it say different things: Python takes the first, others the last."""


def looks_like_tar(data: Data) -> bool:
    """Whether the first header is one."""
    header = data[:BLOCK]
    return len(header) == BLOCK and bool(header.strip(b"\0")) and _sum_is_right(header)


def _sum_is_right(header: bytes) -> bool:
    stated = _read(header[_CHECKSUM])
    if stated is None:
        return False
    plain = header[:148] + b" " * 8 + header[156:]
    return stated in {sum(plain), sum(byte - 256 if byte > 127 else byte for byte in plain)}  # noqa: PLR2004 - signed


def _number(field: bytes) -> int:
    number = _read(field)
    if number is None:
        raise TarError("a number that is none")
    return number


def _read(field: bytes) -> int | None:
    if field.startswith(_BINARY):
        return int.from_bytes(field[1:], "big", signed=False)
    octal = _OCTAL.match(field)
    return None if octal is None else int(octal[1] or b"0", 8)


class Tar:
    """Reads one.

    Attributes:
        end: where the last entry ended.
    """

    def __init__(self, data: Data) -> None:
        self.end = 0
        self._data = data
        self._records_left = _RECORDS_MOST

    def entries(self) -> Iterator[TarEntry]:
        """The members in order.

        Raises:
            TarError: it breaks off, or is no tar.
        """
        everywhere: dict[bytes, bytes] = {}
        once: dict[bytes, bytes] = {}
        told_twice = False
        while (header := bytes(self._data[self.end : self.end + BLOCK])).strip(b"\0"):
            if len(header) < BLOCK or not _sum_is_right(header):
                raise TarError("a damaged header")
            kind, size = header[156:157], _number(header[124:136])
            start = self.end + BLOCK
            if kind in _EXTENDED:
                found, known = self._extended(kind, start, size), everywhere if kind == b"g" else once
                told_twice = told_twice or (known is once and _differ(found, once))
                known.update(found)
            else:
                entry = _entry(header, kind, start, size, everywhere | once)
                size = 0 if kind in LINKS + DEVICES + FOLDER else entry.size
                yield replace(entry, size=size, told_twice=told_twice)
                once, told_twice = {}, False
                self._spend(sum(map(len, entry.names)) // _NAME_PIECE - _RECORDS_EACH)
            self.end = start + -(-size // BLOCK) * BLOCK
            if start + size > len(self._data):
                raise TarError("it ends too early")

    def _extended(self, kind: bytes, start: int, size: int) -> dict[bytes, bytes]:
        if size > _EXTENDED_MOST:
            raise TarError("a header of excessive size")
        self._spend(_HEADER_COSTS)
        body = bytes(self._data[start : start + size])
        found: dict[bytes, bytes] = {}
        if kind in b"LK":
            found[b"path" if kind == b"L" else b"linkpath"] = body.split(b"\0", 1)[0]
        else:
            for key, value in _records(body):
                self._spend(1)
                if key in _READ:
                    found[key] = value
                elif key.startswith(_SPARSE):
                    found[_SPARSE] = b""
        if any(len(value) > _NAME_MOST for value in found.values()):
            raise TarError("a name of excessive length")
        return found

    def _spend(self, records: int) -> None:
        self._records_left -= records
        if self._records_left < 0:
            raise TarError("too many extended headers")


def _differ(found: dict[bytes, bytes], known: dict[bytes, bytes]) -> bool:
    return any(known.get(key, value) != value for key, value in found.items())


def _records(body: bytes) -> Iterator[tuple[bytes, bytes]]:
    """`LENGTH KEY=VALUE` and a line feed, one after the other (POSIX.1-2001, pax)."""
    at = 0
    while at < len(body):
        digits, found, _ = body[at : at + 20].partition(b" ")
        length = int(digits) if found and digits.isdigit() else 0
        if length <= len(digits) + 1 or at + length > len(body):
            raise TarError("a damaged extended header")
        key, _, value = body[at + len(digits) + 1 : at + length - 1].partition(b"=")
        yield key, value
        at += length


def _entry(header: bytes, kind: bytes, start: int, size: int, extended: dict[bytes, bytes]) -> TarEntry:
    field, prefix = (header[place].split(b"\0", 1)[0] for place in (_NAME, _PREFIX))
    joined = prefix + b"/" + field if prefix else field  # Python and 7-Zip join them whatever the magic is
    own = joined if header[257:262] == b"ustar" and header[263:265] == b"00" else field
    path = extended.get(b"path", own)
    real = extended.get(b"GNU.sparse.name")
    link = extended.get(b"linkpath", header[157:257].split(b"\0", 1)[0])
    if (stated := extended.get(b"size")) is not None:
        if not stated.isdigit():
            raise TarError("a size that is none")
        size = int(stated[:20])
    sparse = kind == b"S" or any(key.startswith(_SPARSE) for key in extended)
    names = tuple(dict.fromkeys(filter(None, (path, own, joined, real))))
    also = (path,) if _is_cut(field, path) else names
    chosen = real or path
    return TarEntry(chosen, names, tuple(each for each in also if each != chosen), kind, link, start, size, sparse)


def _is_cut(field: bytes, path: bytes) -> bool:
    """Whether a name is what its field had room for of a longer path; Python writes `?` where that is not ASCII."""
    if len(field) < _ROOM:
        return False
    last, plain = field.rstrip(b"/").rpartition(b"/")[2], path.decode("utf-8", "replace").encode("ascii", "replace")
    return any(step.startswith(last) for each in (path, plain) for step in each.split(b"/"))
