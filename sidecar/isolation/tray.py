"""Memory that one worker may read, where files are laid one after the other: made anew it costs more than copying."""

import os
from collections.abc import Sequence
from typing import Final

from sidecar.isolation import sealed
from sidecar.isolation.copy import read_only

SIZE: Final = 1024 * 1024
"""Bytes of the largest file that is laid there; larger ones are mostly on disk."""


class Tray:
    """Written by the sidecar alone, and only while the worker is not asked.

    What an earlier file left is still there: the same worker has seen it.
    """

    def __init__(self) -> None:
        """Take the memory, a page when it is first written.

        Raises:
            OSError: there are no descriptors, or no memory.
        """
        self._descriptor = sealed.memory_file(lambda descriptor: os.ftruncate(descriptor, SIZE), sealed.SIZE)

    def lay(self, pieces: Sequence[bytes | memoryview]) -> None:
        """Put a file there, in place of the one before.

        Raises:
            OSError: there is no memory.
        """
        at = 0
        for piece in pieces:
            at += os.pwrite(self._descriptor, piece, at)

    def shown(self) -> int:
        """A descriptor of it that cannot write; whoever asks closes it.

        Raises:
            OSError: there are no descriptors.
        """
        return read_only(self._descriptor)

    def close(self) -> None:
        """Give it back, once the worker has closed its own end, too."""
        os.close(self._descriptor)
