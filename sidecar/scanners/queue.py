"""A number of places, those who wait for one served in order."""

from collections.abc import Callable

from sidecar.isolation.line import Line


class Queue:
    """The number may change while some are taken; where it grew, `admit` lets in who waits.

    Attributes:
        taken: places in use.
    """

    def __init__(self, most: Callable[[], int]) -> None:
        self.taken = 0
        self._most = most
        self._line: Line[bool] = Line(lambda _: self.give())

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._line)

    @property
    def free(self) -> bool:
        """Whether nobody who came now would wait."""
        return self.taken < self._most() and not self._line

    async def take(self) -> None:
        """Take a place, once there is one."""
        if self.free:
            self.taken += 1
        else:
            await self._line.wait(None)

    def give(self) -> None:
        """Give a place back."""
        self.taken -= 1
        self.admit()

    def admit(self) -> None:
        """Let in who waits, as far as there are places."""
        while self.taken < self._most() and self._line.serve(True):  # noqa: FBT003 - positional only
            self.taken += 1
