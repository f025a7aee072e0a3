"""Files in memory that nobody can change any more: what a worker is given to read, and the sidecar keeps."""

import fcntl
import os
from collections.abc import Iterable
from typing import Final

_SEALS: Final = 0x000F
"""F_SEAL_SEAL, F_SEAL_SHRINK, F_SEAL_GROW and F_SEAL_WRITE of linux/fcntl.h."""
_ADD_SEALS: Final = 1033


def sealed(pieces: Iterable[bytes | memoryview]) -> int:
    """A descriptor of a file that never changes.

    Raises:
        OSError: there is no memory for it.
    """
    descriptor = os.memfd_create("file", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    try:
        with open(descriptor, "wb", closefd=False) as file:
            file.writelines(pieces)
        fcntl.fcntl(descriptor, _ADD_SEALS, _SEALS)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor
