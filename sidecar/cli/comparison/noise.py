"""How much a figure says: limits between which the real one lies, and whether two of them differ.

All limits are at 99 %: of a hundred comparisons of equal traffic, one may look like a change.
"""

import math
from dataclasses import dataclass
from enum import Enum
from typing import Final

Z: Final = 2.5758293035489004
"""Of the normal distribution, two-sided at 99 %."""
_FEWEST: Final = 30
"""Cases below which a share or a rate is told, and no change of it."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure, the limits of the real one, and the number of cases that it rests on."""

    value: float
    low: float
    high: float
    cases: float
    enough: bool
    """Whether there were enough cases for the limits to mean anything."""
    within: tuple[float, float] | None = None
    """Bounds of the bucket in which a quantile lies; between them it is a guess."""


class Word(Enum):
    """What can be said of a change."""

    MOVED = "moved"
    NOISE = "within noise"
    FEW = "too few to tell"
    NONE = "nothing to compare"


@dataclass(frozen=True, slots=True)
class Change:
    """What was added to a figure, and the limits of what was really added."""

    value: float
    low: float
    high: float
    word: Word


def share(part: float, whole: float) -> Estimate | None:
    """A share with the limits of Wilson (1927), which hold for shares near 0 too; None of nothing."""
    if whole <= 0:
        return None
    part = min(part, whole)
    value, square = part / whole, Z * Z
    centre = (value + square / (2 * whole)) / (1 + square / whole)
    half = Z / (1 + square / whole) * math.sqrt(value * (1 - value) / whole + square / (4 * whole * whole))
    low, high = (0.0 if not part else max(0.0, centre - half)), (1.0 if part == whole else min(1.0, centre + half))
    return Estimate(value, low, high, whole, enough=whole >= _FEWEST)


def rate(count: float, seconds: float) -> Estimate | None:
    """Events in a second, as of a Poisson process."""
    if seconds <= 0:
        return None
    error = Z * math.sqrt(count + 1)
    return Estimate(
        count / seconds, max(0.0, count - error) / seconds, (count + error) / seconds, count, enough=count >= _FEWEST
    )


def change(before: Estimate | None, after: Estimate | None) -> Change | None:
    """What was added, with limits made of those of both (Newcombe 1998, method 10); None where one is missing."""
    if before is None or after is None:
        return None
    value = after.value - before.value
    low = value - math.hypot(after.value - after.low, before.high - before.value)
    high = value + math.hypot(after.high - after.value, before.value - before.low)
    if not (before.enough and after.enough):
        return Change(value, low, high, Word.FEW)
    return Change(value, low, high, Word.NOISE if low <= 0 <= high else Word.MOVED)
