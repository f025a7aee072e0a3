"""A held body that goes on with something taken out of it."""

from collections.abc import AsyncIterator, Iterator

from sidecar.inspection.rewrite import Rewrite
from sidecar.proxy.held.pieces import Piece
from sidecar.proxy.held.stored import Stored


class Rewriter:
    """Applies a rewrite to the pieces of a body, given in order."""

    def __init__(self, rewrite: Rewrite) -> None:
        self._left = list(reversed(rewrite.pieces))
        self._at = 0

    def feed(self, piece: Piece) -> Iterator[Piece]:
        """What goes on of the next piece."""
        view, start = memoryview(piece), self._at
        self._at = end = start + len(view)
        while self._left:
            kept = self._left[-1]
            if isinstance(kept, bytes):
                yield kept
            elif kept[0] >= end:
                return
            else:
                yield view[max(kept[0], start) - start : min(kept[1], end) - start]
                if kept[1] > end:
                    return
            self._left.pop()

    def close(self) -> Iterator[Piece]:
        """What is written behind the body.

        Raises:
            RuntimeError: the body was shorter than the rewrite wants.
        """
        if any(isinstance(kept, tuple) for kept in self._left):
            raise RuntimeError("a held body is shorter than what was to go on of it")
        yield from (kept for kept in reversed(self._left) if isinstance(kept, bytes))


def rewritten(whole: bytes, rewrite: Rewrite) -> bytes:
    """A body in one piece."""
    rewriter = Rewriter(rewrite)
    return b"".join((*rewriter.feed(whole), *rewriter.close()))


async def rewriting(body: AsyncIterator[Piece | Stored], rewrite: Rewrite) -> AsyncIterator[Piece | Stored]:
    """A body piece by piece."""
    rewriter = Rewriter(rewrite)
    async for piece in body:
        if isinstance(piece, Stored):
            async for part in piece.read():
                for kept in rewriter.feed(part):
                    yield kept
        else:
            for kept in rewriter.feed(piece):
                yield kept
    for kept in rewriter.close():
        yield kept
