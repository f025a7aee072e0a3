"""Reads single values, as people write them and as programs do."""

import math
import re
from collections.abc import Callable, Mapping
from types import NoneType
from typing import Any, Final, TypeVar

from sidecar.policy.values.kinds import expected

T = TypeVar("T")

_WHOLE: Final = re.compile(r"[+-]?[0-9]+(?:_[0-9]+)*(?:\.0+)?")
_LONGEST: Final = 4300
"""Digits of a number: where Python stops to read one."""
_LARGEST: Final = 2.0**63
_SWITCHES: Final[Mapping[object, bool]] = {
    **dict.fromkeys(("on", "true", "yes", "y", "t", "1", 1), True),
    **dict.fromkeys(("off", "false", "no", "n", "f", "0", 0), False),
}


class WrittenInt(int):
    """A whole number that remembers how it was written, which counts where it turns out to be text: `001`, `0x10`."""

    written: str


class WrittenFloat(float):
    """The same of another number: a release `1.10` is not `1.1`."""

    written: str


def text(value: object) -> str:
    """Text; numbers become it as they were written, as `owner: 5` is meant so.

    Raises:
        ValueError: it is no text.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, WrittenInt | WrittenFloat):
        return value.written
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise expected("text")


def whole(value: object) -> int:
    """A whole number; from the environment it comes as text. What is on or off counts nothing.

    Raises:
        ValueError: it is none, or has more digits than anybody means.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(_bounded(value, fits=abs(value) < _LARGEST))
    if isinstance(value, str) and _WHOLE.fullmatch(value.strip()):
        digits = value.strip().partition(".")[0]
        return int(_bounded(digits, fits=len(digits) <= _LONGEST))
    raise expected("a whole number")


def _bounded(value: T, *, fits: bool) -> T:
    if not fits:
        raise expected("a smaller number")
    return value


def number(value: object) -> float:
    """A finite number; from the environment it comes as text.

    Raises:
        ValueError: it is none.
    """
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        raise expected("a number")
    try:
        found = float(value.encode("ascii") if isinstance(value, str) else value)
    except (ValueError, OverflowError):
        raise expected("a number") from None
    if not math.isfinite(found):
        raise expected("a finite number")
    return found


def switch(value: object) -> bool:
    """On or off, and what other languages of configuration write for it.

    Raises:
        ValueError: it is neither.
    """
    written = value.lower() if isinstance(value, str) else value
    if not isinstance(written, str | int | float) or written not in _SWITCHES:
        raise expected("on or off")
    return _SWITCHES[written]


def nothing(value: object) -> None:
    """Nothing.

    Raises:
        ValueError: it is something.
    """
    if value is not None:
        raise expected("nothing")


def anything(value: object) -> object:
    """Whatever it is."""
    return value


def _exactly(words: str, *types: type) -> Callable[[Any], Any]:
    def exact(value: object) -> object:
        if type(value) not in types:
            raise expected(words)
        return value

    return exact


LAX: Final[Mapping[Any, Callable[[Any], Any]]] = {
    str: text, int: whole, float: number, bool: switch, NoneType: nothing, Any: anything,
}  # fmt: skip
"""As people write values."""
STRICT: Final[Mapping[Any, Callable[[Any], Any]]] = {
    str: _exactly("text", str), int: _exactly("a whole number", int), float: _exactly("a number", float, int),
    bool: _exactly("true or false", bool), NoneType: nothing, Any: anything,
}  # fmt: skip
"""As JSON has them; a number can be infinite or none."""
