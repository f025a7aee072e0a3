"""What goes on after an error that nobody foresaw, and tells each of them once."""

import logging
from types import TracebackType
from typing import Final

_log: Final = logging.getLogger("sidecar.config")


class Survived:
    """Entered with `with`: errors within end there, and the first of each kind is logged with its traceback.

    A kind is a class and the line that raised it, so there are no more of them than the program has.
    """

    def __init__(self, doing: str) -> None:
        self._doing = doing
        self._told: set[tuple[type[Exception], str, int]] = set()

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> bool:
        """Whether it was an error; that a task is cancelled is none."""
        if not isinstance(error, Exception):
            return False
        self.tell(error)
        return True

    def tell(self, error: Exception) -> None:
        """Log it, unless one like it was logged before."""
        kind = (type(error), *_place(error.__traceback__))
        if kind not in self._told:
            self._told.add(kind)
            _log.error("a bug while %s", self._doing, exc_info=error)


def _place(trace: TracebackType | None) -> tuple[str, int]:
    if trace is None:
        return "", 0
    while trace.tb_next is not None:
        trace = trace.tb_next
    return trace.tb_frame.f_code.co_filename, trace.tb_lineno
