"""Pieces of a body: bytes in order, small ones joined, as each costs something of its own wherever it goes."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final

Piece = bytes | memoryview

_SMALL: Final = 4096
"""Pieces below this are joined: a piece of one byte would cost fifty in overhead."""
_LOOSE: Final = 64
"""Small pieces that wait to be joined: each may keep all that it arrived with."""


def joined(pieces: Iterable[Piece]) -> list[Piece]:
    """The same bytes, each run of small pieces as one."""
    runs = groupby(pieces, _is_small)
    return [piece for small, run in runs for piece in ((b"".join(run),) if small else run)]


def _is_small(piece: Piece) -> bool:
    return len(piece) < _SMALL


def parted(pieces: Sequence[Piece], size: int) -> tuple[list[Piece], list[Piece]]:
    """Their first `size` bytes, and what is left of them."""
    before: list[Piece] = []
    for number, piece in enumerate(pieces):
        if size < len(piece):
            view, rest = memoryview(piece), pieces[number + 1 :]
            return ([*before, view[:size]], [view[size:], *rest]) if size else (before, [piece, *rest])
        before.append(piece)
        size -= len(piece)
    return before, []


class Pieces:
    """Buffers in order; small ones are joined before they leave, and whenever some have gathered."""

    def __init__(self) -> None:
        self.size = 0
        self._held: list[Piece] = []
        self._joined = 0

    def add(self, pieces: Sequence[Piece]) -> int:
        """Keep some; how many bytes they are."""
        added = sum(map(len, pieces))
        self.size += added
        self._held += pieces
        if len(self._held) - self._joined > _LOOSE:
            self._join()
        return added

    def _join(self) -> None:
        self._held[self._joined :] = joined(self._held[self._joined :])
        self._joined = len(self._held)

    def take(self) -> list[Piece]:
        """All pieces, leaving none."""
        self._join()
        return self.leave()

    def part(self, start: int, size: int) -> list[Piece]:
        """So many bytes from some place on, which stay."""
        _, behind = parted(self._held, start)
        return parted(behind, size)[0]

    def leave(self) -> list[Piece]:
        """All pieces as they came, leaving none."""
        pieces, self._held, self.size, self._joined = self._held, [], 0, 0
        return pieces
