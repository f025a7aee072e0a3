"""The contract of a copy: all bytes of one file of an upload, kept until nobody wants them any more."""

import os
from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

from sidecar.inspection.file import File

AT_HAND: Final = 64 * 1024
"""Bytes of a file that goes to a worker within the request: copying them twice costs less than a descriptor."""

MAPPED_FROM: Final = 1024 * 1024
"""Bytes from where a worker maps a file, which then begins a page; of a smaller one it reads all."""


class Range(NamedTuple):
    """Where the bytes of a file stand; whoever has asked for it closes the descriptor."""

    descriptor: int
    """Of a file that holds nothing but parts of the same upload; to read only, with a position of its own."""
    start: int
    """Where in it they begin: at a page where they are MAPPED_FROM and more."""
    size: int


class Copy(Protocol):
    """Kept whole; for the isolated workers, and for engines outside."""

    @property
    def file(self) -> File:
        """What is known of it: name, content type, SHA-256, the checks that want it."""

    @property
    def size(self) -> int:
        """Bytes."""

    def at_hand(self) -> bytes | None:
        """All bytes, where they are in memory and no more than AT_HAND; None otherwise."""

    def in_memory(self) -> Sequence[bytes | memoryview] | None:
        """All bytes in order, where they are in memory; None otherwise."""

    async def range(self) -> Range:
        """Where the bytes stand, in memory or on disk.

        Raises:
            OSError: there is none to be had, or the disk fails.
        """


def read_only(descriptor: int) -> int:
    """The same file opened anew: without a right to write to it, and with a position of its own.

    Raises:
        OSError: there are no descriptors, or no /proc.
    """
    return os.open(f"/proc/self/fd/{descriptor}", os.O_RDONLY | os.O_CLOEXEC)
