"""What is said of a file about which no worker gave an answer."""

from typing import Final

from sidecar.inspection.examined import Examined
from sidecar.inspection.file import File
from sidecar.inspection.finding import Finding
from sidecar.inspection.limits import in_words
from sidecar.inspection.reason import Reason
from sidecar.inspection.unexamined import (
    EXAMINATION_BUSY,
    EXAMINATION_CRASHED,
    EXAMINATION_OUT_OF_MEMORY,
    EXAMINATION_TIMED_OUT,
    EXAMINATION_TOO_LARGE,
    EXAMINATION_UNAVAILABLE,
    EXAMINATION_UNREADABLE,
)
from sidecar.isolation.copy import Copy
from sidecar.isolation.process import TEMPLATE

_REASONS: Final = {
    "time": EXAMINATION_TIMED_OUT,
    "cpu": EXAMINATION_TIMED_OUT,
    "memory": EXAMINATION_OUT_OF_MEMORY,
    "crash": EXAMINATION_CRASHED,
    "nonsense": EXAMINATION_UNREADABLE,
    TEMPLATE: EXAMINATION_UNAVAILABLE,
}
CAUSES: Final = tuple(_REASONS)
"""Why workers die before they have answered."""


def outgrown(file: File, most: int, size: str = "") -> Finding:
    """It has more bytes than are examined, and may still grow where its size is not told."""
    allowed = in_words(most)
    return Finding(EXAMINATION_TOO_LARGE, size or f"more than {allowed}", f"at most {allowed}").at(file.part.name)


def too_large(copy: Copy, most: int) -> Examined:
    """All of it is here, and has more bytes than are examined."""
    return Examined((outgrown(copy.file, most, f"{copy.file.size} bytes"),))


def busy(copy: Copy, waiting: int) -> Examined:
    """There was no place for it in time."""
    return _unexamined(copy, EXAMINATION_BUSY, f"{waiting} more are waiting")


def died(copy: Copy, cause: str, actual: str) -> Examined:
    """Its worker did, for one of CAUSES."""
    return _unexamined(copy, _REASONS[cause], actual)


def _unexamined(copy: Copy, reason: Reason, actual: str) -> Examined:
    return Examined((Finding(reason, actual).at(copy.file.part.name),))
