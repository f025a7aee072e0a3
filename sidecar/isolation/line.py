"""Those who wait for the same, served in the order in which they came, for as long as they have patience."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Line(Generic[T]):
    """Gives what it is served with to whoever waits longest."""

    def __init__(self, back: Callable[[T], None]) -> None:
        """Nobody waits yet.

        Args:
            back: takes what was given at the last moment to one who has left.
        """
        self._back = back
        self._waiting: deque[asyncio.Future[T | None]] = deque()

    def __len__(self) -> int:
        return len(self._waiting)

    async def wait(self, patience: float | None) -> T | None:
        """Wait for it; None where it has not come within so many seconds."""
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[T | None] = loop.create_future()
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

    def serve(self, what: T) -> bool:
        """Give it to the first; False where nobody waits."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(what)
                return True
        return False

    def _send_away(self, turn: asyncio.Future[T | None]) -> None:
        if not turn.done():
            self._waiting.remove(turn)
            turn.set_result(None)

    def _leave(self, turn: asyncio.Future[T | None]) -> None:
        """Wait no more."""
        if turn in self._waiting:
            self._waiting.remove(turn)
        elif turn.done() and not turn.cancelled() and (given := turn.result()) is not None:
            self._back(given)
