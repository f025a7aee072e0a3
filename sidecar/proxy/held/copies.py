"""Whole files of uploads, kept until nobody wants them any more: each a part of its held body, or a copy."""

import asyncio
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from typing import Final, TypeVar

from sidecar.inspection.file import File
from sidecar.inspection.rewrite import Rewrite
from sidecar.isolation.copy import AT_HAND, Range
from sidecar.isolation.sealed import sealed
from sidecar.policy.settings.model import Spool as SpoolSettings
from sidecar.proxy.held.pieces import Piece
from sidecar.proxy.held.spool import Room, Spool

T = TypeVar("T")

_ON_LOOP: Final = 128 * 1024
"""Bytes that are copied on the event loop; more take longer than a thread."""


class HeldFile:
    """One file in a held body that has ended, and is settled: nothing of it is kept a second time.

    Attributes:
        file: what is known of it.
    """

    def __init__(self, file: File, executor: Executor, body: Spool, places: Mapping[int, int]) -> None:
        """Nothing is asked of the body yet.

        Args:
            file: what is known of it.
            executor: for what takes longer than a thread.
            body: in which it stands.
            places: where in the body each file begins, by the number of its part; known when the body has ended.
        """
        self.file = file
        self._executor = executor
        self._body = body
        self._places = places

    @property
    def size(self) -> int:
        """Bytes that are kept."""
        return self.file.size

    @property
    def _start(self) -> int:
        return self._places[self.file.part.number]

    def at_hand(self) -> bytes | None:
        """All bytes, where they are in memory and no more than AT_HAND; None otherwise."""
        found = self.in_memory() if self.size <= AT_HAND else None
        return None if found is None else b"".join(found)

    def in_memory(self) -> Sequence[Piece] | None:
        """All bytes in order, where they are in memory; None otherwise."""
        return self._body.in_memory(self._start, self.size)

    async def range(self) -> Range:
        """Where the bytes stand; whoever asks closes the descriptor.

        Raises:
            OSError: there is no descriptor, or no memory.
        """
        found = self.in_memory()
        if found is None:
            return self._body.in_its_file(self._start, self.size)
        at_once = self.size <= _ON_LOOP
        return Range(sealed(found) if at_once else await self._sealed(found), 0, self.size)

    async def _sealed(self, found: Sequence[Piece]) -> int:
        """A descriptor that is closed where nobody waits for it any more."""
        making = self._in_thread(sealed, found)
        try:
            return await asyncio.shield(making)
        except asyncio.CancelledError:
            making.add_done_callback(_close)
            raise

    async def sha256_of(self, rewrite: Rewrite) -> str:
        """Digest of what a rewrite makes of the bytes, in hexadecimal.

        Raises:
            OSError: as `range` does.
        """
        found = await self.range()
        if self.size <= _ON_LOOP:
            return _digest(found, rewrite)
        return await asyncio.shield(self._in_thread(_digest, found, rewrite))

    def _in_thread(self, call: Callable[..., T], *arguments: object) -> asyncio.Future[T]:
        """Begin what must come to its end whoever is cancelled, as nobody else closes what it has open."""
        return asyncio.get_running_loop().run_in_executor(self._executor, call, *arguments)

    def close(self) -> None:
        """Let go of it: the body is not its own."""


class FileCopy(HeldFile):
    """One file that does not stand in what is held, or of which nothing is held: all of a spool of its own."""

    def __init__(self, file: File, settings: SpoolSettings, room: Room, executor: Executor) -> None:
        self._own = Spool(settings, room, executor)
        super().__init__(file, executor, self._own, {file.part.number: 0})

    @property
    def size(self) -> int:
        """Bytes that are kept: none once it is closed."""
        return self._own.size

    async def write(self, pieces: Sequence[Piece]) -> None:
        """Add pieces; they must not change afterwards.

        Raises:
            RefusedError: there is no room for them.
        """
        await self._own.write(pieces)

    async def range(self) -> Range:
        """Where the bytes stand, once no more are written.

        Raises:
            OSError: as of any file.
            RefusedError: the disk is full.
        """
        await self._own.settle()
        return await super().range()

    def close(self) -> None:
        """Let go of the bytes."""
        self._own.close()


def _close(made: asyncio.Future[int]) -> None:
    if not made.cancelled() and made.exception() is None:
        os.close(made.result())


def _digest(of: Range, rewrite: Rewrite) -> str:
    try:
        return rewrite.sha256(lambda size, at: os.pread(of.descriptor, size, of.start + at))
    finally:
        os.close(of.descriptor)
