"""A bound on what goes on at once, with a queue that is bounded too."""

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator, Callable

from sidecar.scanners.result import EngineError, Trouble


class Slots:
    """Some places; who finds none waits in order of arrival.

    Attributes:
        limit: places that there are.
        in_use: places that are taken.
    """

    def __init__(self, limit: int, most_waiting: int) -> None:
        self.limit = limit
        self.in_use = 0
        self._most_waiting = most_waiting
        self._waiting: deque[asyncio.Future[None]] = deque()

    @property
    def waiting(self) -> int:
        """How many wait for a place."""
        return len(self._waiting)

    def resize(self, limit: int) -> None:
        """Other places; where they are fewer, those that are taken come free first."""
        self.limit = limit
        self._admit()

    @contextlib.asynccontextmanager
    async def place(self, clock: Callable[[], float], waited: Callable[[float], None]) -> AsyncIterator[None]:
        """A place for as long as the context lasts.

        Args:
            clock: tells the time.
            waited: is told how many seconds it took.

        Raises:
            EngineError: too many wait already.
        """
        began = clock()
        await self._take()
        try:
            waited(clock() - began)
            yield
        finally:
            self._give()

    async def _take(self) -> None:
        if self.in_use < self.limit and not self._waiting:
            self.in_use += 1
            return
        if len(self._waiting) >= self._most_waiting:
            raise EngineError(Trouble.BUSY, f"{len(self._waiting)} scans wait already")
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():  # its turn had just come
                self._give()
            with contextlib.suppress(ValueError):
                self._waiting.remove(turn)
            raise

    def _give(self) -> None:
        self.in_use -= 1
        self._admit()

    def _admit(self) -> None:
        while self._waiting and self.in_use < self.limit:
            turn = self._waiting.popleft()
            if not turn.done():
                self.in_use += 1
                turn.set_result(None)
