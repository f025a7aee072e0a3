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
_QUIET: Final = 1.0
"""Seconds without anybody else until those that take long have the last place, too."""


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
        kind: who took it.
        stays: until its file is done, however long that takes.
        limit: ends what is done in it when it must give way; None where that comes to an end by itself.
    """

    def __init__(self, kind: Kind, *, stays: bool) -> None:
        self.kind = kind
        self.stays = stays
        self.limit: asyncio.Timeout | None = None
        self._began = asyncio.get_running_loop().time()

    @property
    def is_long(self) -> bool:
        """Whether it is held for long, or by whoever is known to take long."""
        return self.kind is Kind.LONG or asyncio.get_running_loop().time() - self._began >= LONG

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

    The last one is theirs, too, where nobody else comes. Where somebody does and has to wait, whoever of them came last
    gives way, and waits to begin anew.
    """

    def __init__(self, most: Callable[[], int]) -> None:
        self._most = most
        self._held: list[Place] = []
        self._lines: dict[Kind, Line[Place]] = {kind: Line(self.give) for kind in Kind}
        self._asking = 0
        self._next = Kind.QUICK
        self._came = float("-inf")
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
        return len(self._held) < self._most() and not (self._asking and self._impatient)

    @property
    def _impatient(self) -> bool:
        """Whether anybody waits who is not known to take long."""
        return bool(self._lines[Kind.QUICK] or self._lines[Kind.NEW])

    async def take(self, kind: Kind, patience: float) -> Place | None:
        """Take a place; None where there was none within so many seconds."""
        if kind is not Kind.LONG:
            self._came = asyncio.get_running_loop().time()
        if self.free and not (self._asking and self._lines[kind]) and self._may_come(place := self._new(kind)):
            self._held.append(place)
            return place
        asyncio.get_running_loop().call_soon(self._look)  # once whoever asks here waits
        self._asking += 1
        try:
            return await self._lines[kind].wait(patience)
        finally:
            self._asking -= 1

    def give(self, place: Place) -> None:
        """Give a place back."""
        self._held.remove(place)
        self._admit_all()

    def _admit_all(self) -> None:
        while self._asking and len(self._held) < self._most() and self._admit():
            pass

    def _admit(self) -> bool:
        """Let in one, of the kind whose turn it is."""
        for turn in range(len(Kind)):
            kind = Kind((self._next + turn) % len(Kind))
            place = self._new(kind)
            if self._may_come(place) and self._lines[kind].serve(place):
                self._held.append(place)
                self._next = Kind((kind + 1) % len(Kind))
                return True
        return False

    def _new(self, kind: Kind) -> Place:
        return Place(kind, stays=kind is Kind.LONG and self._room_to_stay())

    def _may_come(self, place: Place) -> bool:
        """Whether it may be taken, if there are places."""
        if place.kind is not Kind.LONG or place.stays:
            return True
        return not self._impatient and asyncio.get_running_loop().time() - self._came >= _QUIET

    @property
    def _most_long(self) -> int:
        return max(1, self._most() - 1)

    def _room_to_stay(self) -> bool:
        return sum(place.stays for place in self._held) < self._most_long

    def _look(self) -> None:
        """While anybody waits: have one give way where all take long, or let more of those in where nobody comes."""
        if not self.waiting:
            return
        if self._looking is None:
            self._looking = asyncio.get_running_loop().call_later(_LOOK, self._look_again)
        if self._impatient:
            self._press()
        else:
            self._admit_all()

    def _press(self) -> None:
        """Have one give way where all take long."""
        long = [place for place in self._held if place.is_long]
        for place in long:
            place.stays = place.stays or (self._room_to_stay() and not self._lines[Kind.LONG])
        last = next((place for place in reversed(long) if not place.stays and place.limit is not None), None)
        if last is not None and len(long) > self._most_long and not any(place.gives_way for place in long):
            last.give_way()

    def _look_again(self) -> None:
        self._looking = None
        self._look()
