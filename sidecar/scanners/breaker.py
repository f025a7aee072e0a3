"""A circuit breaker: open after some failures in a row, closed by a success."""


class Breaker:
    """Counts failures; whoever owns it decides when to try again."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._failures = 0

    @property
    def open(self) -> bool:
        """Whether nothing should be asked."""
        return self._failures >= self._most

    def failed(self) -> bool:
        """One more failure in a row; whether it is the one that opens the breaker."""
        self._failures += 1
        return self._failures == self._most

    def succeeded(self) -> None:
        """All is well again."""
        self._failures = 0
