"""The room that request heads take before they are complete: shared by all of a listener, and bounded."""

from typing import Final, Protocol

MOST: Final = 16 * 1024 * 1024
"""Bytes of all unfinished heads. An honest one is unfinished for a round trip, and has one or two packets."""
_AT_ONCE: Final = 4
"""Ended in one turn of the event loop; each takes up to half a millisecond."""


class Sender(Protocol):
    """Whose head it is."""

    def give_way(self) -> None:
        """Its time is up, and its room is needed."""


class UnfinishedHeads:
    """Beyond the bound those give way that began first: an honest client has ended its head by then."""

    def __init__(self) -> None:
        self._sizes: dict[Sender, int] = {}
        self._sum = 0

    def grown(self, one: Sender, size: int) -> None:
        """So many bytes of its head are here."""
        self._sum += size - self._sizes.get(one, 0)
        self._sizes[one] = size
        for _ in range(_AT_ONCE):
            if self._sum <= MOST:
                return
            self._end(next(iter(self._sizes)))
        if self._sum > MOST:
            self._end(one)

    def _end(self, one: Sender) -> None:
        self.gone(one)
        one.give_way()

    def gone(self, one: Sender) -> None:
        """Its head is complete, or never will be."""
        self._sum -= self._sizes.pop(one, 0)
