"""How long the next wait for the peer of one body may take: a pure value."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Deadline:
    """Patience with one body, received or sent. Times are seconds.

    Only time spent waiting for the peer counts for `min_rate`, so nobody is blamed for the pace of the other side.
    """

    idle: float
    """Longest single wait; also the grace before the rate is asked for."""
    min_rate: float
    """Bytes per second of waiting; 0 asks for none."""
    cap: float
    """Longest time from the first wait to the last byte."""

    def patience(self, *, waited: float, elapsed: float, moved: int) -> float:
        """Seconds that the next wait may take; zero or less where time is up.

        Args:
            waited: seconds spent waiting so far.
            elapsed: seconds since the body began.
            moved: bytes received or sent so far.
        """
        earned = self.idle + moved / self.min_rate - waited if self.min_rate else self.idle
        return min(self.idle, earned, self.cap - elapsed)
