"""The names of one file within another: every reader may take another of them, so all are judged."""

from collections.abc import Iterable
from typing import Final

from sidecar.inspection.formats.bounds import Budget

_MOST: Final = 8


def distinct(names: Iterable[bytes]) -> tuple[bytes, ...]:
    """Each of them once, in their order.

    Raises:
        TooMuchError: there are more than are judged, and any could be that of a program.
    """
    found = tuple(dict.fromkeys(names))
    Budget(_MOST, "names of an attachment").spend(len(found))
    return found
