"""A bound on what goes on at once, with a queue that is bounded too."""

import contextlib
from collections.abc import AsyncIterator, Callable

from sidecar.scanners.queue import Queue
from sidecar.scanners.result import EngineError, Trouble


class Slots:
    """Some places; who finds none waits in order of arrival.

    Attributes:
        limit: places that there are.
    """

    def __init__(self, limit: int, most_waiting: int) -> None:
        self.limit = limit
        self._most_waiting = most_waiting
        self._queue = Queue(lambda: self.limit)

    @property
    def in_use(self) -> int:
        """Places that are taken."""
        return self._queue.taken

    @property
    def waiting(self) -> int:
        """How many wait for a place."""
        return self._queue.waiting

    def resize(self, limit: int) -> None:
        """Other places; where they are fewer, those that are taken come free first."""
        self.limit = limit
        self._queue.admit()

    @contextlib.asynccontextmanager
    async def place(self, clock: Callable[[], float], waited: Callable[[float], None]) -> AsyncIterator[None]:
        """A place for as long as the context lasts.

        Args:
            clock: tells the time.
            waited: is told how many seconds it took.

        Raises:
            EngineError: too many wait already.
        """
        if not self._queue.free and self.waiting >= self._most_waiting:
            raise EngineError(Trouble.BUSY, f"{self.waiting} scans wait already")
        began = clock()
        await self._queue.take()
        try:
            waited(clock() - began)
            yield
        finally:
            self._queue.give()
