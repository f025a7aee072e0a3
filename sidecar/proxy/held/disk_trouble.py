"""Tells of a disk that takes no more of what is held: a line for all uploads of some seconds, not one for each."""

import logging
import math
from collections.abc import Callable
from typing import Final

_log: Final = logging.getLogger("sidecar.spool")
_SILENT: Final = 10.0
"""Seconds after a line in which the next ones are only counted."""


class DiskTrouble:
    """What `spool_full` alone does not tell: the disk's own words, which are not about `spool.max_bytes`."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._silent_until = -math.inf
        self._untold = 0

    def tell(self, directory: str, error: OSError) -> str:
        """Log it, unless that was done a moment ago; why the disk takes nothing."""
        why = error.strerror or type(error).__name__
        now = self._clock()
        if now < self._silent_until:
            self._untold += 1
            return why
        more = f" ({self._untold} more since this was told last)" if self._untold else ""
        _log.error("spool.directory %s takes no more: %s; uploads that need it fail%s", directory, why, more)
        self._silent_until, self._untold = now + _SILENT, 0
        return why
