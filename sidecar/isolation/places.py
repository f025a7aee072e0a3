"""The places of files under examination: few files that take long must not keep all others waiting."""

import asyncio
from collections.abc import Callable
from enum import IntEnum
from typing import Final

from sidecar.isolation.line import Line

LONG: Final = 0.25
"""Seconds from where an examination takes long: images and most documents take milliseconds, PDFs of 10 MB a second."""
_LOOK: Final = 0.05
"""Seconds between two looks at who takes long, while somebody waits."""


class Kind(IntEnum):
    """Who asks for a place; where several kinds wait, each has its turn."""

    QUICK = 0
    """Small files with checks that are quick."""
    NEW = 1
    """Any others."""
    LONG = 2
    """Those that took long and gave way."""


class Place:
    """One that is taken.

    Attributes:
        stays: until its file is done, however long that takes.
        limit: ends what is done in it when it must give way; None where that comes to an end by itself.
    """

    def __init__(self, *, stays: bool) -> None:
        self.stays = stays
        self.limit: asyncio.Timeout | None = None
        self._began = asyncio.get_running_loop().time()

    @property
    def age(self) -> float:
        """Seconds since it was taken."""
        return asyncio.get_running_loop().time() - self._began

    @property
    def gives_way(self) -> bool:
        """Whether it was told to."""
        return self.limit is not None and self.limit.when() is not None

    def give_way(self) -> None:
        """End what is done here, to begin anew where there is time for it."""
        if self.limit is not None:
            self.limit.reschedule(asyncio.get_running_loop().time())


class Places:
    """As many as there are workers; all but one go to files that take long, for as long as these take.

    The last one is theirs, too, until somebody else waits: then whoever came last gives way, and waits for one of the
    others. So each file begins anew once at most, and where nobody waits, none does.
    """

    def __init__(self, most: Callable[[], int]) -> None:
        self._most = most
        self._held: list[Place] = []
        self._lines: dict[Kind, Line[Place]] = {kind: Line(self.give) for kind in Kind}
        self._next = Kind.QUICK
        self._looking: asyncio.TimerHandle | None = None

    @property
    def taken(self) -> int:
        """Places in use."""
        return len(self._held)

    @property
    def waiting(self) -> int:
        """How many wait."""
        return sum(map(len, self._lines.values()))

    @property
    def free(self) -> bool:
        """Whether nobody who came now would wait."""
        return len(self._held) < self._most() and not self._impatient

    @property
    def _impatient(self) -> bool:
        """Whether anybody waits who is not known to take long."""
        return bool(self._lines[Kind.QUICK] or self._lines[Kind.NEW])

    async def take(self, kind: Kind, patience: float) -> Place | None:
        """Take a place; None where there was none within so many seconds."""
        if self.free and self._may(kind) and not self._lines[kind]:
            place = Place(stays=kind is Kind.LONG)
            self._held.append(place)
            return place
        self._look_soon()
        return await self._lines[kind].wait(patience)

    def give(self, place: Place) -> None:
        """Give a place back."""
        self._held.remove(place)
        while len(self._held) < self._most() and self._admit():
            pass

    def _admit(self) -> bool:
        """Let in one, of the kind whose turn it is."""
        for turn in range(len(Kind)):
            kind = Kind((self._next + turn) % len(Kind))
            if self._may(kind) and self._lines[kind].serve(place := Place(stays=kind is Kind.LONG)):
                self._held.append(place)
                self._next = Kind((kind + 1) % len(Kind))
                return True
        return False

    @property
    def _most_long(self) -> int:
        return max(1, self._most() - 1)

    def _may(self, kind: Kind) -> bool:
        """Whether another of this kind may come in, if there is a place."""
        return kind is not Kind.LONG or sum(place.stays for place in self._held) < self._most_long

    def _look_soon(self) -> None:
        if self._looking is None:
            self._looking = asyncio.get_running_loop().call_later(_LOOK, self._look)

    def _look(self) -> None:
        """Have one give way where all take long and somebody else waits."""
        self._looking = None
        if not self._impatient:
            return
        self._look_soon()
        long = [place for place in self._held if place.stays or place.age >= LONG]
        for place in long:
            place.stays = place.stays or (self._may(Kind.LONG) and not self._lines[Kind.LONG])
        last = next((place for place in reversed(long) if not place.stays and place.limit is not None), None)
        if last is not None and len(long) > self._most_long and not any(place.gives_way for place in long):
            last.give_way()
