"""Sizes and times as people write them: `5MiB`, `1.5s`."""

import re
from typing import Annotated, Final

from sidecar.policy.values.kinds import Mark, above_zero, after, at_most

_SIZE_UNITS: Final = {
    "": 1, "B": 1,
    "KIB": 1024, "MIB": 1024**2, "GIB": 1024**3, "TIB": 1024**4,
    # As Kubernetes writes quantities. `5M` stays an error: it is 5 MiB to nginx and 5 MB to Kubernetes.
    "KI": 1024, "MI": 1024**2, "GI": 1024**3, "TI": 1024**4,
    "KB": 1000, "MB": 1000**2, "GB": 1000**3, "TB": 1000**4,
}  # fmt: skip
_TIME_UNITS: Final = {"ms": 0.001, "": 1, "s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400}
_QUANTITY: Final = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,6})?)\s*([A-Za-z]*)")
LONGEST: Final = 7 * 86400.0
"""Seconds in the longest time that can be set: above any real upload, below what timers of any platform hold."""


def _split(value: object) -> tuple[float, str] | None:
    """The number and the unit of a quantity, or None if it is not one."""
    if isinstance(value, bool):
        return None
    match = _QUANTITY.fullmatch(str(value).strip())
    return (float(match[1]), match[2]) if match else None


def parse_size(value: object) -> int:
    """Bytes in a size such as `64MiB`, `1.5 GB` or `4096`.

    Raises:
        ValueError: what is not a size; the message says what one looks like.
    """
    quantity = _split(value)
    if quantity is None or quantity[1].upper() not in _SIZE_UNITS:
        raise ValueError("expected a size such as 512KiB, 64MiB, 1GiB or a number of bytes")
    return int(quantity[0] * _SIZE_UNITS[quantity[1].upper()])


def parse_seconds(value: object) -> float:
    """Seconds in a time such as `500ms`, `30s`, `5m` or `1h`.

    Raises:
        ValueError: what is not a time; the message says what one looks like.
    """
    quantity = _split(value)
    if quantity is None or quantity[1].lower() not in _TIME_UNITS:
        raise ValueError("expected a time such as 500ms, 30s, 5m or a number of seconds")
    return quantity[0] * _TIME_UNITS[quantity[1].lower()]


def size_text(size: int) -> str:
    """A size as people write it, exactly: `64MiB`, `4096`."""
    for unit in ("TiB", "GiB", "MiB", "KiB"):
        step = _SIZE_UNITS[unit.upper()]
        if size >= step and size % step == 0:
            return f"{size // step}{unit}"
    return str(size)


def seconds_text(seconds: float) -> str:
    """A time as people write it, exactly: `1h`, `75s`, `0.5s`."""
    for unit in ("h", "m"):
        if seconds >= _TIME_UNITS[unit] and seconds % _TIME_UNITS[unit] == 0:
            return f"{seconds / _TIME_UNITS[unit]:g}{unit}"
    return f"{seconds:g}s"


SIZE_PATTERN: Final = r"^[0-9]{1,15}(\.[0-9]{1,6})?\s*([Bb]|[KkMmGgTt][Ii]?[Bb]|[KkMmGgTt][Ii])?$"
SECONDS_PATTERN: Final = r"^[0-9]{1,15}(\.[0-9]{1,6})?\s*([Mm][Ss]|[SsMmHhDd]|[Mm][Ii][Nn])?$"
_SIZE: Final = Mark(before=parse_size, schema={"type": ["integer", "string"], "minimum": 0, "pattern": SIZE_PATTERN})
_SECONDS: Final = Mark(
    before=parse_seconds, schema={"type": ["number", "string"], "minimum": 0, "pattern": SECONDS_PATTERN}
)
_ABOVE_ZERO: Final = after(above_zero)
_AT_MOST_A_WEEK: Final = at_most(LONGEST, seconds_text(LONGEST))

SizeOrZero = Annotated[int, _SIZE]
"""A size for which 0 has a meaning of its own."""
Size = Annotated[int, _SIZE, _ABOVE_ZERO]
"""A size above 0."""
SecondsOrZero = Annotated[float, _SECONDS, _AT_MOST_A_WEEK]
"""A time for which 0 has a meaning of its own."""
Seconds = Annotated[float, _SECONDS, _ABOVE_ZERO, _AT_MOST_A_WEEK]
"""A time above 0."""
