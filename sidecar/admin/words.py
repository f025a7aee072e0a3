"""Figures as people read them: `64 MiB`, `2 h 5 min`, a moment in UTC."""

from datetime import UTC, datetime
from typing import Final

_UNITS: Final = ("B", "KiB", "MiB", "GiB", "TiB")
_STEP: Final = 1024
_PERIODS: Final = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))


def size(number: int) -> str:
    """Bytes in the largest unit that leaves at least one of it."""
    value, unit = float(number), 0
    while value >= _STEP and unit < len(_UNITS) - 1:
        value, unit = value / _STEP, unit + 1
    return f"{value:.1f}".removesuffix(".0") + f" {_UNITS[unit]}"


def moment(unix: float) -> str:
    """Date and time, to the second."""
    return datetime.fromtimestamp(unix, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def period(seconds: float) -> str:
    """The two largest units of a time span."""
    parts: list[str] = []
    rest = max(0, int(seconds))
    for unit, length in _PERIODS:
        count, rest = divmod(rest, length)
        if count or parts:
            parts.append(f"{count} {unit}")
    return " ".join(parts[:2]) or "0 s"


def count(number: int) -> str:
    """A number with thin groups of three."""
    return f"{number:,}".replace(",", "\u202f")


def time_of_day(unix: float, *, seconds: bool = False) -> str:
    """The time in UTC, to the minute or to the second."""
    return datetime.fromtimestamp(unix, UTC).strftime("%H:%M:%S" if seconds else "%H:%M")
