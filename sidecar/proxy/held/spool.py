"""Where a held upload waits for its verdict: in memory at first, then in a file that has no name."""

import asyncio
import os
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import Executor
from typing import IO, Any, Final, TypeVar

from sidecar.isolation.copy import Range, read_only
from sidecar.policy.settings.model import Spool as SpoolSettings
from sidecar.proxy import reasons
from sidecar.proxy.held.disk_trouble import DiskTrouble
from sidecar.proxy.held.layout import Layout, Run
from sidecar.proxy.held.pieces import Piece, Pieces, parted
from sidecar.proxy.held.stored import Stored
from sidecar.proxy.reasons import RefusedError
from sidecar.proxy.sockets import descriptors

T = TypeVar("T")

_BATCH: Final = 1000 * 1024
"""Bytes gathered before a thread writes them, a little less than two reads of a large body: the hop costs as much as
writing some 100 KiB."""
_JOIN: Final = 48 * 1024
"""Bytes of a body that are read as one piece: copying them costs less than a second write to the service."""
_IOV_MOST: Final = 512
"""Pieces in one writev, below IOV_MAX (1024)."""


class Room:
    """The room that all held uploads share.

    Attributes:
        used: bytes held now, in memory and in files.
        limit: bytes that may be held.
        in_memory: bytes of them that are held in memory.
        memory_limit: bytes that may stay in memory; whoever comes beyond it goes to a file at once.
        trouble: tells of the disk that it is on.
    """

    def __init__(
        self, limit: int, memory_limit: int | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.used = 0
        self.limit = limit
        self.in_memory = 0
        self.memory_limit = limit if memory_limit is None else memory_limit
        self.trouble = DiskTrouble(clock)

    @property
    def memory_is_short(self) -> bool:
        """Whether nothing more should stay in memory."""
        return self.in_memory > self.memory_limit

    def take(self, size: int) -> None:
        """Reserve bytes.

        Raises:
            RefusedError: `spool_full`.
        """
        if self.used + size > self.limit:
            raise RefusedError(reasons.SPOOL_FULL, f"{self.used} of {self.limit} bytes are in use")
        self.used += size

    def give(self, size: int) -> None:
        """Give bytes back."""
        self.used -= size


class Spool:
    """Holds one canonical body.

    Attributes:
        size: bytes held.
        in_file: bytes of them that were written to the file.
    """

    def __init__(self, settings: SpoolSettings, room: Room, executor: Executor) -> None:
        self.size = 0
        self.in_file = 0
        self._in_memory = 0
        self._settings = settings
        self._room = room
        self._executor = executor
        self._pieces = Pieces()
        self._layout = Layout({})
        self._file: IO[bytes] | None = None
        self._operation: asyncio.Future[Any] | None = None

    def lay_out(self, files: Mapping[int, int]) -> None:
        """Have files begin where they can be mapped; before anything is written.

        Args:
            files: where in the body each of them begins; it may grow, ahead of what is written.
        """
        self._layout.files = files

    async def write(self, pieces: Sequence[Piece]) -> None:
        """Add pieces; they must not change afterwards.

        Raises:
            RefusedError: `spool_full`: the shared limit, or the disk; `no_descriptors`.
        """
        added = self._pieces.add(pieces)
        self._room.take(added)
        self.size += added
        self._hold(added)
        patience = self._settings.memory if self._file is None else _BATCH
        if self._pieces.size > patience or self._room.memory_is_short:
            await self._flush()

    def _hold(self, size: int) -> None:
        """Count bytes that came to memory, or left it where `size` is negative."""
        self._in_memory += size
        self._room.in_memory += size

    async def _flush(self) -> None:
        pending, runs = self._pieces.size, list(self._layout.runs(self.in_file, self._pieces.take()))
        try:
            await self._in_thread(self._append, runs)
        except OSError as error:
            raise self._refusal(error) from error
        self.in_file += pending
        self._hold(-pending)

    def _refusal(self, error: OSError) -> RefusedError:
        """What the upload is told of a file that takes no more, or that cannot be had."""
        if descriptors.are_short(error):
            return RefusedError(reasons.NO_DESCRIPTORS, error.strerror or "")
        return RefusedError(reasons.SPOOL_FULL, self._room.trouble.tell(self._settings.directory, error))

    async def _in_thread(self, call: Callable[..., T], *arguments: object) -> T:
        """Run one file operation; a cancelled exchange leaves it running, and `close` waits for its end."""
        loop = asyncio.get_running_loop()
        operation = loop.run_in_executor(self._executor, call, *arguments)
        self._operation = operation
        return await asyncio.shield(operation)

    def _append(self, runs: Sequence[Run]) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile(dir=self._settings.directory, buffering=0)  # noqa: SIM115 - see close()
        for place, pieces in runs:
            self._file.seek(place)
            write_all(self._file.fileno(), pieces)

    async def settle(self) -> None:
        """Have all bytes in one place, in memory or in the file; nothing is written behind them any more.

        Raises:
            RefusedError: `spool_full`: the disk; `no_descriptors`.
        """
        if self._file is not None and self._pieces.size:
            await self._flush()

    def in_memory(self, start: int, size: int) -> list[Piece] | None:
        """Some bytes of a body that is in memory; None where it is settled in its file."""
        return self._pieces.part(start, size) if self._file is None else None

    def in_its_file(self, start: int, size: int) -> Range:
        """Where some bytes stand of a body that is settled in its file: all of a file of it, or less.

        Raises:
            OSError: there are no descriptors.
        """
        if self._file is None:
            raise RuntimeError("it has no file")
        return Range(read_only(self._file.fileno()), self._layout.place(start, size)[0], size)

    def small(self) -> bytes:
        """The body in one piece, once; empty where it is not small."""
        return b"" if self.in_file or self.size > _JOIN else b"".join(self._pieces.leave())

    async def read(self) -> AsyncIterator[Piece | Stored]:
        """The body from its beginning, piece by piece; once."""
        if self._file is not None:
            yield Stored(self._file.fileno(), self._layout, self.in_file, self._in_thread, self._when_idle)
        for piece in self._pieces.take():
            yield piece

    def close(self) -> None:
        """Let go of memory, room and file.

        The file stays open while a thread is at it: its descriptor's number could be another upload's by then.
        """
        self._pieces.leave()
        self._room.give(self.size)
        self._hold(-self._in_memory)
        self.size = 0
        self._when_idle(self._close_file)

    def _when_idle(self, call: Callable[..., None], *arguments: object) -> None:
        """Call this once no thread is at the file: now, or behind the operation that nobody waits for any more."""
        operation = self._operation
        if operation is None or operation.done():
            call(*arguments)
            return

        def behind(ended: asyncio.Future[Any]) -> None:
            if not ended.cancelled():
                ended.exception()  # marks it as seen
            call(*arguments)

        operation.add_done_callback(behind)

    def _close_file(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


def write_all(descriptor: int, pieces: Sequence[Piece]) -> None:
    """Write pieces to a file, however the kernel cuts them.

    Raises:
        OSError: such as ENOSPC.
    """
    pending = pieces
    while pending:
        _, pending = parted(pending, os.writev(descriptor, pending[:_IOV_MOST]))


def probe(directory: str) -> str | None:
    """Why a directory cannot be spooled to, None if it can."""
    try:
        with tempfile.TemporaryFile(dir=directory, buffering=0) as file:
            file.write(b"probe")
    except OSError as error:
        return error.strerror or type(error).__name__
    return None
