"""A line of log for all troubles of some seconds, not one for each."""

import logging
import math
from collections.abc import Callable
from typing import Final

_SILENT: Final = 10.0
"""Seconds after a line in which the next ones are only counted."""


class Seldom:
    """Tells of one kind of trouble, of which there can be thousands in a second."""

    def __init__(self, log: logging.Logger, clock: Callable[[], float]) -> None:
        self._log = log
        self._clock = clock
        self._silent_until = -math.inf
        self._untold = 0

    def error(self, message: str, *arguments: object) -> None:
        """Log it, unless that was done a moment ago.

        Args:
            message: as the logging library takes it.
            arguments: what stands in it.
        """
        now = self._clock()
        if now < self._silent_until:
            self._untold += 1
            return
        more = f" ({self._untold} more since this was told last)" if self._untold else ""
        self._log.error(f"{message}%s", *arguments, more)
        self._silent_until, self._untold = now + _SILENT, 0
