"""A number of places, those who wait for one served in order, for as long as they have patience."""

import asyncio
from collections import deque
from collections.abc import Callable


class Slots:
    """The number may change while some are taken; where it grew, `admit` lets in who waits.

    Attributes:
        taken: places in use.
    """

    def __init__(self, most: Callable[[], int]) -> None:
        self.taken = 0
        self._most = most
        self._waiting: deque[asyncio.Future[bool]] = deque()

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._waiting)

    @property
    def free(self) -> bool:
        """Whether nobody who came now would wait."""
        return self.taken < self._most() and not self._waiting

    async def take(self, patience: float | None = None) -> bool:
        """Take a place; False where there was none within so many seconds."""
        if self.free:
            self.taken += 1
            return True
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[bool] = loop.create_future()
        self._waiting.append(turn)
        late = None if patience is None else loop.call_later(patience, self._send_away, turn)
        try:
            return await turn
        except asyncio.CancelledError:
            self._leave(turn)
            raise
        finally:
            if late is not None:
                late.cancel()

    def _send_away(self, turn: asyncio.Future[bool]) -> None:
        if not turn.done():
            self._waiting.remove(turn)
            turn.set_result(False)

    def _leave(self, turn: asyncio.Future[bool]) -> None:
        """Wait no more; a place that was given at the last moment goes to the next."""
        if turn in self._waiting:
            self._waiting.remove(turn)
        elif turn.done() and not turn.cancelled() and turn.result():
            self.give()

    def give(self) -> None:
        """Give a place back."""
        self.taken -= 1
        self.admit()

    def admit(self) -> None:
        """Let in who waits, as far as there are places."""
        while self._waiting and self.taken < self._most():
            turn = self._waiting.popleft()
            if not turn.done():
                self.taken += 1
                turn.set_result(True)
