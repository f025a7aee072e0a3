"""Small files that are quickly examined, gathered so that a worker is woken once for several."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final, NamedTuple

from sidecar.inspection.examined import Examined
from sidecar.inspection.file import File
from sidecar.isolation.copy import Copy
from sidecar.policy.model import Policy

MOST: Final = 16
"""Files that a worker is asked about at once."""
_ROOM: Final = 96 * 1024
"""Bytes of them, names included, and of what is written around them."""
_AROUND: Final = 1024

Answer = asyncio.Future[Examined | None]


class Waiting(NamedTuple):
    """A file that waits for a worker."""

    copy: Copy
    policy: Policy
    stop_at_first: bool
    answer: Answer
    """None where it must be asked about alone."""

    def alone(self) -> None:
        """There is nobody to go with."""
        if not self.answer.done():
            self.answer.set_result(None)


class Together:
    """Gathers files in one turn of the event loop, and for as long as no worker is free."""

    def __init__(self, ask: Callable[[], Awaitable[None]], is_free: Callable[[], bool]) -> None:
        """Nobody waits yet.

        Args:
            ask: waits for a worker, takes some files with `take`, and sets their answers.
            is_free: whether a worker could be asked at once.
        """
        self._is_free = is_free
        self._ask = ask
        self._waiting: deque[Waiting] = deque()
        self._asking: set[asyncio.Future[None]] = set()
        self._about_to_take = 0
        self._due = False

    async def answer(self, copy: Copy, policy: Policy, *, stop_at_first: bool) -> Examined | None:
        """What a worker says of a file; None where it must be asked about alone."""
        loop = asyncio.get_running_loop()
        answer: Answer = loop.create_future()
        self._waiting.append(Waiting(copy, policy, stop_at_first, answer))
        if not self._due:
            self._due = True
            loop.call_soon(self._begin)
        return await answer

    def _begin(self) -> None:
        """Ask about those that wait, as many at once as there are workers."""
        self._due = False
        if len(self._waiting) == 1 and self._is_free():
            self._waiting.popleft().alone()
        while self._about_to_take * MOST < len(self._waiting):
            self._about_to_take += 1
            asking = asyncio.ensure_future(self._ask())
            self._asking.add(asking)
            asking.add_done_callback(self._asking.discard)

    def take(self, most: int) -> list[Waiting]:
        """The first that wait: all under one policy, and few enough for one question. Called once by each `ask`."""
        self._about_to_take -= 1
        taken: list[Waiting] = []
        room = _ROOM
        while self._waiting and len(taken) < most:
            one = self._waiting[0]
            if not one.answer.done():  # whoever waited for it may have gone
                room -= _weight(one.copy.file)
                if taken and (room < 0 or not _alike(one, taken[0])):
                    break
                taken.append(one)
            self._waiting.popleft()
        self._begin()
        return taken


def _alike(one: Waiting, other: Waiting) -> bool:
    return one.policy is other.policy and one.stop_at_first == other.stop_at_first


def _weight(file: File) -> int:
    part = file.part
    names = part.name, part.filename, part.filename_as_sent, part.content_type
    return _AROUND + file.size + sum(len(name) for name in names if name)
