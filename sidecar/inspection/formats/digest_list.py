"""Lists of SHA-256 digests: one hexadecimal digest a line, as sha256sum writes them."""

import re
from bisect import bisect_left
from typing import Final

SIZE: Final = 32
_LINE: Final = re.compile(rb"([0-9a-fA-F]{64})(?:\s.*)?", re.DOTALL)
_SHOWN: Final = 40


class DigestListError(ValueError):
    """A line is no digest; the message says which."""


class Digests:
    """A set of digests: 32 bytes each, in order, so that a million of them take 32 MB."""

    __slots__ = ("_rows",)

    def __init__(self, digests: frozenset[bytes] = frozenset()) -> None:
        self._rows = b"".join(sorted(digests))

    def __len__(self) -> int:
        return len(self._rows) // SIZE

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Digests) and self._rows == other._rows

    def __hash__(self) -> int:
        return hash(self._rows)

    def __contains__(self, digest: bytes) -> bool:
        """Whether it is one of them; by halving."""
        rows = _Rows(self._rows)
        at = bisect_left(rows, digest)
        return at < len(rows) and rows[at] == digest


class _Rows:
    """What `bisect` needs to see of the rows."""

    def __init__(self, rows: bytes) -> None:
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows) // SIZE

    def __getitem__(self, index: int) -> bytes:
        return self._rows[index * SIZE : index * SIZE + SIZE]


def parse_digests(text: bytes) -> frozenset[bytes]:
    """The digests of a list; empty lines and what stands behind `#` do not count, nor do names behind a digest.

    Raises:
        DigestListError: a line is anything else.
    """
    found = set()
    for number, line in enumerate(text.removeprefix(b"\xef\xbb\xbf").splitlines(), 1):
        bare = line.partition(b"#")[0].strip()
        if not bare:
            continue
        match = _LINE.fullmatch(bare)
        if match is None:
            shown = ascii(bare[:_SHOWN].decode("latin-1"))
            raise DigestListError(f"line {number} is not the SHA-256 of a file: {shown}")
        found.add(bytes.fromhex(match[1].decode("ascii")))
    return frozenset(found)
