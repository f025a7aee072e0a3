"""Where the bytes of a held body stand in its file: one behind the other, but that a large file begins a page.

So whoever reads a file of the body can map it (mmap(2) begins nowhere else); nothing of it is written a second time.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from mmap import ALLOCATIONGRANULARITY

from sidecar.isolation.copy import MAPPED_FROM
from sidecar.proxy.held.pieces import Piece, parted

Run = tuple[int, list[Piece]]
"""Where some pieces go in the file, and they."""


class Layout:
    """That of one body; grows while it is written.

    Attributes:
        files: where in the body each of its files begins, in order; it may grow, ahead of what is written.
    """

    def __init__(self, files: Mapping[int, int]) -> None:
        """Nothing is written yet."""
        self.files = files
        self._bodies = [0]
        self._places = [0]

    def place(self, at: int, size: int) -> tuple[int, int]:
        """Where a byte of the body stands in the file, and how many of `size` follow there, it included."""
        which = bisect_right(self._bodies, at) - 1
        following = self._bodies[which + 1 : which + 2]
        return self._place(which, at), min(size, following[0] - at) if following else size

    def _place(self, which: int, at: int) -> int:
        return self._places[which] + at - self._bodies[which]

    def runs(self, at: int, pieces: Sequence[Piece]) -> Iterator[Run]:
        """The next pieces of the body, as they go to the file.

        Args:
            at: where in the body they begin.
            pieces: they.
        """
        end = at + sum(map(len, pieces))
        left: list[Piece] = list(pieces)
        for start in self._mapped(at, end):
            before, left = parted(left, start - at)
            yield self._place(-1, at), before
            self._begin(start)
            at = start
        yield self._place(-1, at), left

    def _begin(self, start: int) -> None:
        end = self._place(-1, start)
        self._bodies.append(start)
        self._places.append(end + -end % ALLOCATIONGRANULARITY)

    def _mapped(self, at: int, end: int) -> list[int]:
        """Where files begin that are too large to be read at once, or may be: they go on behind these bytes."""
        found, following = [], end + MAPPED_FROM
        for start in reversed(tuple(self.files.values())):
            if start < at:
                break
            if start < end and following - start >= MAPPED_FROM:
                found.append(start)
            following = start
        return found[::-1]
