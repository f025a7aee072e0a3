"""Small files that are quickly examined, gathered so that a worker is woken once for several."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, NamedTuple

from sidecar.inspection.examined import Examined
from sidecar.inspection.file import File
from sidecar.isolation import tray
from sidecar.isolation.copy import Copy
from sidecar.isolation.places import Kind, Place, Places
from sidecar.isolation.question import Question
from sidecar.policy.settings.model import Isolation

MOST: Final = 16
"""Files in one question."""
SMALL: Final = 128 * 1024
"""Bytes of the largest file that goes with others."""
_ROOM: Final = tray.SIZE
"""Bytes of all of them together."""
_NAMES: Final = 32 * 1024
"""Bytes of their names and types, which always go within the packet."""


class Waiting(NamedTuple):
    """A file that waits for a worker."""

    asked: Question
    answer: asyncio.Future[Examined | None]

    def tell(self, examined: Examined | None) -> None:
        """The answer, unless whoever waited for it has left."""
        if not self.answer.done():
            self.answer.set_result(examined)

    def fail(self, error: BaseException) -> None:
        """There is none."""
        if not self.answer.done():
            self.answer.set_exception(error)


class _Basket:
    """Files under one policy, few enough for one question; the first of them takes their place in the queue."""

    def __init__(self, most: int) -> None:
        self.files: list[Waiting] = []
        self.asking: asyncio.Future[None] | None = None
        self._most = most
        self._room, self._names = _ROOM, _NAMES

    def takes(self, one: Waiting) -> bool:
        """Whether there is room for a file; then it is in."""
        size, names = one.asked.copy.size, _names(one.asked.copy.file)
        full = len(self.files) >= self._most or size > self._room or names > self._names
        if self.files and full:
            return False
        self._room -= size
        self._names -= names
        self.files.append(one)
        return True

    @property
    def waiting(self) -> list[Waiting]:
        """Those for which somebody still waits."""
        return [one for one in self.files if not one.answer.done()]


class Together:
    """Gathers files in one turn of the event loop, and for as long as no worker is free."""

    def __init__(
        self,
        places: Places,
        settings: Callable[[], Isolation],
        ask_all: Callable[[Sequence[Question]], Awaitable[Sequence[Examined | None]]],
        busy: Callable[[Copy], Examined],
        give: Callable[[Place], None],
    ) -> None:
        """Nothing is gathered yet.

        Args:
            places: one is taken for each question.
            settings: those in force.
            ask_all: asks one worker; None for whatever it gave no answer about, soon.
            busy: what is said of a file for which no worker was free in time.
            give: gives the place back.
        """
        self._places = places
        self._settings = settings
        self._ask_all = ask_all
        self._busy = busy
        self._give = give
        self._open: dict[tuple[int, bool], _Basket] = {}

    async def answer(self, asked: Question) -> Examined | None:
        """What a worker says of a file; None where whoever asks is to do so itself.

        So it is where the file is alone and need not wait, and where it, or one that was asked about with it, made the
        worker end, or took long: then each is asked about alone, and whoever did it is known.
        """
        loop, key = asyncio.get_running_loop(), (id(asked.policy), asked.stop_at_first)
        one = Waiting(asked, loop.create_future())
        basket = self._open.get(key)
        if basket is None or not basket.takes(one):
            basket = self._open[key] = _Basket(min(MOST, self._settings().files))
            basket.takes(one)
            loop.call_soon(self._send, key, basket)
        try:
            return await one.answer
        finally:
            if basket.asking is not None and not basket.waiting:  # all have left
                self._close(key, basket)
                basket.asking.cancel()

    def _send(self, key: tuple[int, bool], basket: _Basket) -> None:
        waiting = basket.waiting
        if len(waiting) > 1 or (waiting and not self._places.free):
            basket.asking = asyncio.ensure_future(self._examine(key, basket))
            return
        self._close(key, basket)
        for one in waiting:
            one.tell(None)

    def _close(self, key: tuple[int, bool], basket: _Basket) -> None:
        if self._open.get(key) is basket:
            del self._open[key]

    async def _examine(self, key: tuple[int, bool], basket: _Basket) -> None:
        place = await self._places.take(Kind.QUICK, self._settings().patience)
        self._close(key, basket)
        try:
            if place is None:
                for one in basket.waiting:
                    one.tell(self._busy(one.asked.copy))
            else:
                await self._ask(basket.waiting)
        except Exception as error:  # noqa: BLE001 - it belongs to those who wait
            for one in basket.waiting:
                one.fail(error)
        finally:
            if place is not None:
                self._give(place)

    async def _ask(self, waiting: Sequence[Waiting]) -> None:
        """Ask about all at once, as many as a worker may see now."""
        told: Sequence[Examined | None] = [None] * len(waiting)
        if 0 < len(waiting) <= self._settings().files:
            told = await self._ask_all([one.asked for one in waiting])
        for one, examined in zip(waiting, told, strict=True):
            one.tell(examined)


def _names(file: File) -> int:
    part = file.part
    return sum(len(each) for each in (part.name, part.filename, part.filename_as_sent, part.content_type) if each)
