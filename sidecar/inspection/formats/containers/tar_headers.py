"""The headers of a tar file (POSIX.1-1988 to 2001, and GNU's), read one after the other."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sidecar.inspection.formats.anatomy import Data
from sidecar.inspection.formats.containers.tar_fields import (
    BLOCK,
    FIELD_MOST,
    LINK,
    NAME,
    PREFIX,
    TarError,
    TwofoldError,
    could_be_header,
    is_read_alike,
    size_of,
    sum_is_right,
    text_of,
)

_EXTENDED_MOST: Final = 1024 * 1024
LINKS: Final = b"12"
DEVICES: Final = b"346"
FOLDER: Final = b"5"
LISTED: Final = b"D"
"""A folder with a list of what is in it, as `tar --listed-incremental` writes it (GNU tar, Dumpdir)."""
_LIST: Final = re.compile(rb"(?:[YND][^\0/<]{1,255}+\0)*+\0")
"""Names, each behind the letter that says whether it was packed."""
_NO_BODY: Final = b"123456789V"
"""What some readers pass over without its bytes: links (node-tar), devices, folders, 7 to 9 and a label (Perl)."""
_EXTENDED: Final = b"xXgLK"
"""Headers that tell of the entry behind them: pax (`X` is that of Solaris), pax for all, GNU's long names and links."""
_LONG: Final = {b"L": b"path", b"K": b"linkpath"}
_ROOM: Final = 96
"""Bytes from which a name may have been cut to go into its field: GNU's tar leaves 100 of them, bsdtar 98."""
_SPARSE: Final = b"GNU.sparse"
_READ: Final = frozenset({b"path", b"linkpath", b"size", b"GNU.sparse.name"})
_READ_BY_LINE: Final = re.compile(rb"(?m)^[0-9]++.[ \t]*+(?:path|linkpath|size|GNU\.sparse[^=\n]*+)=")
"""What is told by a line, as node-tar reads them, or behind several blanks, as GNU's tar does."""
_NAME_MOST: Final = 32 * 1024
"""Bytes of a name: Linux has 4096, Windows 32,767 letters."""
_RECORDS_MOST: Final = 100_000
_RECORDS_EACH: Final = 64
"""Records beside those, for each entry: times, owners, attributes."""
_HEADER_COSTS: Final = 8
"""Records that one extended header counts for, beside its own."""
_NAME_PIECE: Final = 16
"""Bytes of a name that count for a record."""


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
            TwofoldError: readers go different ways from here on.
            TarError: it breaks off, or is no tar.
        """
        told: dict[bytes, bytes] = {}
        while (header := bytes(self._data[self.end : self.end + BLOCK])).strip(b"\0"):
            kind, size = self._kind_and_size(header)
            start = self.end + BLOCK
            if kind in _EXTENDED:
                told |= self._extended(kind, start, size, told)
            else:
                entry = self._entry(header, kind, start, size, told)
                size, told = entry.size, {}
                yield entry
                self._spend(sum(map(len, entry.names)) // _NAME_PIECE - _RECORDS_EACH)
            self.end = start + -(-size // BLOCK) * BLOCK
            if start + size > len(self._data):
                raise TarError("it ends too early")

    def _kind_and_size(self, header: bytes) -> tuple[bytes, int]:
        if len(header) < BLOCK or not sum_is_right(header):
            raise TarError("a damaged header")
        size = size_of(header)
        if not is_read_alike(header):
            raise TwofoldError("a number that not all read alike")
        if text_of(header[NAME]).endswith(b"/"):
            self._nobody_reads_on(self.end + BLOCK, size)
        return header[156:157], size

    def _nobody_reads_on(self, start: int, size: int) -> None:
        """Behind a name that ends in `/`, be it told anew or only cut there, Perl passes over no bytes."""
        for at in range(start, min(start + size, len(self._data)), BLOCK):
            if could_be_header(self._data[at : at + BLOCK]):
                raise TwofoldError("a header within what a folder holds")

    def _extended(self, kind: bytes, start: int, size: int, told: dict[bytes, bytes]) -> dict[bytes, bytes]:
        if size > _EXTENDED_MOST:
            raise TarError("a header of excessive size")
        self._spend(_HEADER_COSTS)
        body = bytes(self._data[start : start + size])
        found = {_LONG[kind]: text_of(body)} if kind in _LONG else self._told_by_pax(body)
        if kind == b"g" and found:
            raise TwofoldError("a header for all entries that tells of one")  # Go passes it over, node-tar its size
        if any(told.get(key, value) != value for key, value in found.items()):
            raise TwofoldError("two headers that disagree")  # Python takes the first, others the last
        if any(len(value) > _NAME_MOST for value in found.values()):
            raise TarError("a name of excessive length")
        return found

    def _told_by_pax(self, body: bytes) -> dict[bytes, bytes]:
        found: dict[bytes, bytes] = {}
        lines = sum(1 for _ in _READ_BY_LINE.finditer(body))
        for key, value in _records(body):
            self._spend(1)
            if key in _READ:
                found[key] = value
            elif key.startswith(_SPARSE):
                found[_SPARSE] = b""
            lines -= key in _READ or key.startswith(_SPARSE)
        if lines:
            raise TwofoldError("a header that reads differently line by line")
        return found

    def _entry(self, header: bytes, kind: bytes, start: int, size: int, told: dict[bytes, bytes]) -> TarEntry:
        field, prefix, own_link = (text_of(header[place]) for place in (NAME, PREFIX, LINK))
        joined = prefix + b"/" + field if prefix else field  # Python and 7-Zip join them whatever the magic is
        own = joined if header[257:262] == b"ustar" and header[263:265] == b"00" else field
        path = told.get(b"path", own)
        real = told.get(b"GNU.sparse.name")
        link = told.get(b"linkpath", own_link)
        sparse = kind == b"S" or any(key.startswith(_SPARSE) for key in told)
        names = tuple(dict.fromkeys(filter(None, (path, own, joined, real))))
        also = (path,) if _is_cut(field, path) else names
        lengths = _lengths(size, told.get(b"size"))
        if kind in _NO_BODY or (any(map(_is_folder, also)) and not self._is_list(kind, path, start, size)):
            lengths.add(0)
        if len(lengths) > 1:
            raise TwofoldError(f"an entry of {' or '.join(map(str, sorted(lengths)))} bytes")
        chosen = real or path
        others = tuple(each for each in also if each != chosen)
        return TarEntry(chosen, names, others, kind, link, start, lengths.pop(), sparse)

    def _is_list(self, kind: bytes, path: bytes, start: int, size: int) -> bool:
        """Whether it is a folder that has bytes: those that unpack it as a file write nothing but names."""
        if kind != LISTED or not _is_folder(path) or not _LIST.fullmatch(self._data, start, start + size):
            return False
        self._nobody_reads_on(start, size)
        return True

    def _spend(self, records: int) -> None:
        self._records_left -= records
        if self._records_left < 0:
            raise TarError("too many extended headers")


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


def _lengths(field: int, told: bytes | None) -> set[int]:
    """PHP, Perl, Ruby and BusyBox take that of the field whatever pax says; it can tell nothing from 8 GiB on."""
    if told is None:
        return {field}
    if not told.isdigit():
        raise TarError("a size that is none")
    length = int(told[:20])
    return {length} if length >= FIELD_MOST else {length, field}


def _is_folder(name: bytes) -> bool:
    return name.endswith(b"/")


def _is_cut(field: bytes, path: bytes) -> bool:
    """Whether a name is what its field had room for of a longer path; Python writes `?` where that is not ASCII."""
    if len(field) < _ROOM:
        return False
    last, plain = field.rstrip(b"/").rpartition(b"/")[2], path.decode("utf-8", "replace").encode("ascii", "replace")
    return any(step.startswith(last) for each in (path, plain) for step in each.split(b"/"))
