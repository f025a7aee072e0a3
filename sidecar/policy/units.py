"""Sizes and times as people write them: `5MiB`, `1.5s`."""

import re
from typing import Annotated, Final

from pydantic import BeforeValidator, WithJsonSchema

_SIZE_UNITS: Final = {
    "": 1, "B": 1,
    "KIB": 1024, "MIB": 1024**2, "GIB": 1024**3, "TIB": 1024**4,
    "KB": 1000, "MB": 1000**2, "GB": 1000**3, "TB": 1000**4,
}  # fmt: skip
_TIME_UNITS: Final = {"ms": 0.001, "": 1, "s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400}
_QUANTITY: Final = re.compile(r"(\d{1,15}(?:\.\d{1,6})?)\s*([A-Za-z]*)")


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


Size = Annotated[
    int,
    BeforeValidator(parse_size),
    WithJsonSchema({"type": ["integer", "string"], "minimum": 0, "pattern": r"^\d+(\.\d+)?\s*([KMGT]i?)?B?$"}),
]
Seconds = Annotated[
    float,
    BeforeValidator(parse_seconds),
    WithJsonSchema({"type": ["number", "string"], "minimum": 0, "pattern": r"^\d+(\.\d+)?\s*(ms|s|m|min|h|d)?$"}),
]
