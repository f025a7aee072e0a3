"""How much work one file may make."""


class TooMuchError(Exception):
    """A file makes more work than any honest one does; the message says of what."""


class Budget:
    """What is left of a bounded amount of work."""

    __slots__ = ("_left", "_what")

    def __init__(self, amount: int, what: str) -> None:
        self._left = amount
        self._what = what

    @property
    def is_spent(self) -> bool:
        """Whether more was asked for than there was."""
        return self._left < 0

    def allow(self, amount: int) -> None:
        """Add to it, for more that turned out to be there."""
        self._left += amount

    def spend(self, amount: int) -> None:
        """Take some of it.

        Raises:
            TooMuchError: there is not so much left.
        """
        self._left -= amount
        if self._left < 0:
            raise TooMuchError(self._what)
