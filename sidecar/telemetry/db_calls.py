"""How many calls of the database an answer cost, from the field that the service tells it in."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

MOST: Final = 999_999
"""A larger number is no count of calls."""
_LONGEST: Final = 4096
"""Characters read of a field: some hundred entries of Server-Timing."""
_NUMBER: Final = re.compile(r"\s*([0-9]{1,6})\s*")
_LEADING: Final = re.compile(r"\s*([0-9]{1,6})(?![0-9.])")
_ENTRY: Final = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*"?)+')
_PARAMETER: Final = re.compile(r'(?:[^;"]|"(?:[^"\\]|\\.)*"?)+')
_COUNTS: Final = ("count", "desc")


@lru_cache(maxsize=16)
def field_of(setting: str) -> tuple[bytes, str]:
    """Name of the field in lower case, and of the entry where the field is Server-Timing."""
    name, _, entry = setting.partition(";")
    return name.lower().encode("ascii"), entry


def db_calls(values: Sequence[bytes], entry: str) -> int | None:
    """The number of calls; None where the answer does not tell it, or tells nonsense.

    Args:
        values: of the field, in order.
        entry: name of the metric in Server-Timing; empty where the field holds the number alone.
    """
    if not values:
        return None
    text = b",".join(values)[:_LONGEST].decode("latin-1")
    if entry:
        return _by_entries(text, entry.lower())
    match = _NUMBER.fullmatch(text)
    return int(match[1]) if match else None


def _by_entries(text: str, name: str) -> int | None:
    """Adds up the entries of one name (W3C Server Timing, section 4): each tells a number, or is one call."""
    entries = map(_PARAMETER.findall, _ENTRY.findall(text))  # an entry of semicolons alone has no name
    counts = [_count(entry[1:]) for entry in entries if entry and entry[0].strip().lower() == name]
    return min(sum(counts), MOST) if counts else None


def _count(parameters: Sequence[str]) -> int:
    """The number in `count=12`, or at the beginning of `desc="12 queries"`."""
    told = {
        key.strip().lower(): value.strip().strip('"') for key, _, value in (one.partition("=") for one in parameters)
    }
    numbers = (_LEADING.match(told[key]) for key in _COUNTS if key in told)
    return next((int(number[1]) for number in numbers if number), 1)
