"""Tells of a disk that takes no more of what is held."""

import logging
import math
from collections.abc import Callable
from typing import Final

from sidecar.telemetry.seldom import Seldom

_log: Final = logging.getLogger("sidecar.spool")
_RECENT: Final = 600.0
"""Seconds in which it is shown: as long as the alert `UploadSidecarSpoolFull` looks back."""


class DiskTrouble:
    """What `spool_full` alone does not tell: the disk's own words, which are not about `spool.max_bytes`."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._seldom = Seldom(_log, clock)
        self._clock = clock
        self._why = ""
        self._met = -math.inf

    @property
    def recent(self) -> str:
        """Why the disk took nothing of late; empty where it took everything."""
        return self._why if self._clock() - self._met < _RECENT else ""

    def tell(self, directory: str, error: OSError) -> str:
        """Log it, unless that was done a moment ago; why the disk takes nothing."""
        why = error.strerror or type(error).__name__
        self._why, self._met = why, self._clock()
        self._seldom.error("spool.directory %s takes no more: %s; uploads that need it fail", directory, why)
        return why
