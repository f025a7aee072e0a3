"""What is left of a file, or of a body, when something is taken out: ranges of it, and a few bytes written anew."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

Span = tuple[int, int]
"""Where kept bytes begin, and where they end."""
Kept = Span | bytes

MOST_PIECES: Final = 4096
MOST_WRITTEN: Final = 64 * 1024
"""Bytes that one rewrite writes anew."""
_READ: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class Rewrite:
    """Pieces in order; ranges never overlap and never go back."""

    pieces: tuple[Kept, ...]

    @property
    def size(self) -> int:
        """Bytes of the result."""
        return sum(len(piece) if isinstance(piece, bytes) else piece[1] - piece[0] for piece in self.pieces)

    def fits(self, size: int) -> bool:
        """Whether it can be made of so many bytes, within the bounds of what a worker may ask for."""
        written = sum(len(piece) for piece in self.pieces if isinstance(piece, bytes))
        ends = [place for piece in self.pieces if not isinstance(piece, bytes) for place in piece]
        in_order = ends == sorted(ends) and (not ends or (ends[0] >= 0 and ends[-1] <= size))
        return in_order and len(self.pieces) <= MOST_PIECES and written <= MOST_WRITTEN

    def shifted(self, by: int) -> Iterator[Kept]:
        """The pieces where the file begins at another place."""
        for piece in self.pieces:
            yield piece if isinstance(piece, bytes) else (piece[0] + by, piece[1] + by)

    def sha256(self, read: Callable[[int, int], bytes]) -> str:
        """Digest of the result, in hexadecimal.

        Args:
            read: gives so many bytes from a place of the original.
        """
        digest = hashlib.sha256()
        for piece in self.pieces:
            for part in (piece,) if isinstance(piece, bytes) else _read(piece, read):
                digest.update(part)
        return digest.hexdigest()


def _read(span: Span, read: Callable[[int, int], bytes]) -> Iterator[bytes]:
    start, end = span
    for at in range(start, end, _READ):
        yield read(min(_READ, end - at), at)


def joined(pieces: Iterable[Kept]) -> Rewrite:
    """A rewrite of pieces of which some follow right on each other, or are empty."""
    done: list[Kept] = []
    for piece in pieces:
        last = done[-1] if done else None
        if isinstance(piece, bytes):
            done += [piece] if piece else []
        elif isinstance(last, tuple) and last[1] == piece[0]:
            done[-1] = (last[0], piece[1])
        elif piece[0] < piece[1]:
            done.append(piece)
    return Rewrite(tuple(done))


def of_body(size: int, files: Mapping[int, tuple[int, Rewrite]]) -> Rewrite:
    """The rewrite of a body from those of files in it.

    Args:
        size: bytes of the body.
        files: by the place where each file begins: its bytes, and its rewrite.
    """
    pieces: list[Kept] = []
    at = 0
    for start, (length, rewrite) in sorted(files.items()):
        pieces += [(at, start), *rewrite.shifted(start)]
        at = start + length
    return joined([*pieces, (at, size)])
