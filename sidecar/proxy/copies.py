"""Whole files of uploads, kept until nobody wants them any more: in memory at first, then in files without a name."""

import contextlib
import fcntl
import os
from concurrent.futures import Executor
from typing import Final

from sidecar.inspection.file import File
from sidecar.policy.model import Spool as SpoolSettings
from sidecar.proxy.spool import Piece, Room, Spool, write_all

_SEALS: Final = 0x000F
"""F_SEAL_SEAL, F_SEAL_SHRINK, F_SEAL_GROW and F_SEAL_WRITE of linux/fcntl.h: nobody changes it any more."""
_ADD_SEALS: Final = 1033
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

    def close(self) -> None:
        """Let go of it."""
        super().close()
        if self._sealed >= 0:
            os.close(self._sealed)
            self._sealed = -1


def sealed(pieces: list[Piece]) -> int:
    """A file in memory that never changes."""
    descriptor = os.memfd_create("file", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    try:
        write_all(descriptor, pieces)
        fcntl.fcntl(descriptor, _ADD_SEALS, _SEALS)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _reopened(descriptor: int) -> int:
    """The same file, to read only, and with a position of its own."""
    with contextlib.suppress(OSError):
        return os.open(f"/proc/self/fd/{descriptor}", os.O_RDONLY | os.O_CLOEXEC)
    return os.dup(descriptor)
