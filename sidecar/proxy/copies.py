"""Whole files of uploads, kept until nobody wants them any more: in memory at first, then in files without a name."""

import contextlib
import os
from concurrent.futures import Executor
from typing import Final

from sidecar.inspection.file import File
from sidecar.inspection.rewrite import Rewrite
from sidecar.isolation.copy import AT_HAND
from sidecar.isolation.sealed import sealed
from sidecar.policy.model import Spool as SpoolSettings
from sidecar.proxy.spool import Room, Spool

_ON_LOOP: Final = 128 * 1024
"""Bytes that are copied on the event loop; more take longer than a thread."""


class FileCopy(Spool):
    """One file. The pieces that are held in memory are those of the upload itself, not copied.

    Attributes:
        file: what is known of it.
    """

    def __init__(self, file: File, settings: SpoolSettings, room: Room, executor: Executor) -> None:
        super().__init__(settings, room, executor)
        self.file = file
        self._sealed = -1

    def at_hand(self) -> bytes | None:
        """All bytes, where they are in memory and no more than AT_HAND; None otherwise."""
        return self._pieces.whole() if self._pieces.size == self.size <= AT_HAND else None

    async def descriptor(self) -> int:
        """A descriptor of its own to read the bytes from, at their beginning; whoever asks for it closes it.

        Raises:
            OSError: there is none to be had.
            RefusedError: the disk is full.
        """
        if self._file is not None:
            if self._pieces.size:
                await self._flush()
            return _reopened(self._file.fileno())
        if self._sealed < 0:
            pieces = self._pieces.take()
            at_once = self.size <= _ON_LOOP
            self._sealed = sealed(pieces) if at_once else await self._in_thread(sealed, pieces)
        return _reopened(self._sealed)

    async def sha256_of(self, rewrite: Rewrite) -> str:
        """Digest of what a rewrite makes of the bytes, in hexadecimal.

        Raises:
            OSError, RefusedError: as `descriptor` does.
        """
        descriptor = await self.descriptor()
        if self.size <= _ON_LOOP:
            return _digest(descriptor, rewrite)
        return await self._in_thread(_digest, descriptor, rewrite)

    def close(self) -> None:
        """Let go of it."""
        super().close()
        if self._sealed >= 0:
            os.close(self._sealed)
            self._sealed = -1


def _digest(descriptor: int, rewrite: Rewrite) -> str:
    try:
        return rewrite.sha256(lambda size, at: os.pread(descriptor, size, at))
    finally:
        os.close(descriptor)


def _reopened(descriptor: int) -> int:
    """The same file, to read only, and with a position of its own."""
    with contextlib.suppress(OSError):
        return os.open(f"/proc/self/fd/{descriptor}", os.O_RDONLY | os.O_CLOEXEC)
    return os.dup(descriptor)
