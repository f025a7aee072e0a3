"""Files in memory that nobody can change any more: what a worker is given to read, and the sidecar keeps."""

import fcntl
import os
from collections.abc import Callable, Iterable
from typing import Final

SIZE: Final = 0x0007
"""F_SEAL_SEAL, F_SEAL_SHRINK and F_SEAL_GROW of linux/fcntl.h: its size is for ever."""
_WRITE: Final = 0x0008
"""F_SEAL_WRITE: its bytes, too."""
_ADD_SEALS: Final = 1033


def sealed(pieces: Iterable[bytes | memoryview]) -> int:
    """A descriptor of a file that never changes.

    Raises:
        OSError: there is no memory for it.
    """

    def fill(descriptor: int) -> None:
        with open(descriptor, "wb", closefd=False) as file:
            file.writelines(pieces)

    return memory_file(fill, SIZE | _WRITE)


def memory_file(fill: Callable[[int], None], seals: int) -> int:
    """A descriptor of a file in memory.

    Args:
        fill: is given the descriptor, and makes the file what it is to be.
        seals: added afterwards (fcntl(2), File Sealing).

    Raises:
        OSError: there are no descriptors, or no memory.
    """
    descriptor = os.memfd_create("file", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    try:
        fill(descriptor)
        fcntl.fcntl(descriptor, _ADD_SEALS, seals)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor
