"""Descriptors where few are left: whoever can do without leaves the last ones to those that cannot."""

import errno
import os
import resource
from typing import Final

_SHORT: Final = frozenset({errno.EMFILE, errno.ENFILE})
_SPARED: Final = 8
"""One in so many of all that a process may have is for connections to the service, and for files of the spool."""


def are_short(error: OSError) -> bool:
    """Whether a call failed only because too many files are open, in the process or on the machine."""
    return error.errno in _SHORT


def second(descriptor: int) -> int | None:
    """Another one for something that is open; None where few are left, as each new one is the lowest that is free.

    Raises:
        OSError: it is not open.
    """
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    try:
        made = os.dup(descriptor)
    except OSError as error:
        if are_short(error):
            return None
        raise
    if made < limit - limit // _SPARED or limit == resource.RLIM_INFINITY:
        return made
    os.close(made)
    return None
