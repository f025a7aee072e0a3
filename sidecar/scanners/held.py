"""One whole file as engines get it."""

import asyncio
import contextlib
import hashlib
import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Final

from sidecar.isolation.copy import Range
from sidecar.scanners.result import EngineError, Trouble

_CHUNK: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class Held:
    """A complete file that nobody changes any more, behind an open descriptor."""

    range: Range
    sha256: str
    """Hexadecimal."""

    @property
    def size(self) -> int:
        """Bytes."""
        return self.range.size

    @property
    def alone(self) -> bool:
        """Whether nothing else stands behind the descriptor."""
        return self.range.start == 0 and os.fstat(self.range.descriptor).st_size == self.size

    async def chunks(self) -> AsyncIterator[bytes]:
        """Its bytes in order; read on a thread, as a disk may be slow.

        Raises:
            EngineError: it cannot be read.
        """
        descriptor, start, size = self.range
        for offset in range(0, size, _CHUNK):
            try:
                yield await asyncio.to_thread(os.pread, descriptor, min(_CHUNK, size - offset), start + offset)
            except OSError as error:
                raise EngineError(Trouble.INCOMPLETE, f"the file cannot be read: {error.strerror}") from error


@contextlib.contextmanager
def sample(data: bytes) -> Iterator[Held]:
    """A file made here, in memory, for as long as the context lasts."""
    descriptor = os.memfd_create("sample", os.MFD_CLOEXEC)
    try:
        with os.fdopen(descriptor, "wb", closefd=False) as file:
            file.write(data)
        yield Held(Range(descriptor, 0, len(data)), hashlib.sha256(data).hexdigest())
    finally:
        os.close(descriptor)
