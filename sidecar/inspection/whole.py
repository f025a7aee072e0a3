"""All bytes of one file, for the checks that must see the whole of it."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from sidecar.inspection.finding import Finding
from sidecar.inspection.formats.anatomy import Data
from sidecar.inspection.rewrite import Rewrite

T = TypeVar("T")
Inside = Callable[..., Iterable[Finding]]
"""Judges what was found within a file as if it had been uploaded itself: its path there, its bytes, other paths."""


def _unexplored(_path: bytes, _chunks: Iterable[bytes], *_also: bytes) -> Iterable[Finding]:
    return ()


def _unsearched(_path: bytes, chunks: Iterable[bytes]) -> Iterable[Finding]:
    for _ in chunks:
        pass
    return ()


class Whole:
    """One file from its first byte to its last; read-only.

    Attributes:
        data: the bytes: a mapped file, so slices are copies, `find` and regular expressions work in place.
        depth: 0 for an uploaded file, 1 for a file within it, and so on.
        rewrite: what is to go on of an uploaded file, where a check has found that.
    """

    def __init__(self, data: Data, inside: Inside = _unexplored, depth: int = 0, part: Inside = _unsearched) -> None:
        self.data = data
        self.depth = depth
        self.rewrite: Rewrite | None = None
        self._inside = inside
        self._part = part
        self._studies: dict[Callable[..., Any], Any] = {}

    def once(self, study: Callable[[Data], T]) -> T:
        """What a study of the bytes tells, made once for all checks of this file; nobody changes what it gave."""
        if study not in self._studies:
            self._studies[study] = study(self.data)
        told: T = self._studies[study]
        return told

    def __len__(self) -> int:
        return len(self.data)

    def inside(self, path: bytes, chunks: Iterable[bytes], *also: bytes) -> Iterable[Finding]:
        """Findings about a file within this one.

        Args:
            path: where it stands within this one, as written there.
            chunks: its bytes; read only as long as they are wanted.
            also: other paths that some reader could take for its own; judged as names.
        """
        return self._inside(path, chunks, *also)

    def part(self, path: bytes, chunks: Iterable[bytes]) -> Iterable[Finding]:
        """Findings about a part of a document: nothing is asked of its name and type, and all of it is read.

        Args:
            path: where it stands within this one, as written there.
            chunks: its bytes.
        """
        return self._part(path, chunks)
