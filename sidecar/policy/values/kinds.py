"""What a kind of value is beside its type: how it is written, what fits it, how a schema shows it."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

Step = Callable[[Any], Any]
"""Gives a value back as it goes on.

Raises:
    ValueError: it does not fit; the message is `expected ...`.
"""


def expected(words: str) -> ValueError:
    """A value does not fit; the words are for those who have to write one."""
    return ValueError(f"expected {words}")


Stricter = Callable[[Any, Any], Any]
"""Of two values of a setting, one that lets in nothing that either refuses."""
_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


class Mark:
    """Stands in `Annotated` behind a type."""

    __slots__ = ("after", "before", "schema", "stricter")

    def __init__(
        self,
        *,
        before: Step | None = None,
        after: Step | None = None,
        schema: Mapping[str, Any] = _NOTHING,
        stricter: Stricter | None = None,
    ) -> None:
        self.before = before
        """Makes of what is written what the type takes."""
        self.after = after
        """Judges what the type has made."""
        self.schema = schema
        """What it adds to the JSON schema of the type; with a `type` of its own, all of it."""
        self.stricter = stricter
        """Finds the stricter of two values, where several hold."""


def before(step: Step) -> Mark:
    """What is written becomes what the type takes."""
    return Mark(before=step)


def after(step: Step) -> Mark:
    """What the type has made is judged, or brought into the one form that it has from here on."""
    return Mark(after=step)


def read_by(parse: Callable[[str], object]) -> Mark:
    """Text that this can read, and that stays text."""

    def judged(text: str) -> str:
        parse(text)
        return text

    return Mark(after=judged)


def at_least(least: int) -> Mark:
    """A number from this one on."""

    def judged(value: float) -> float:
        if value < least:
            raise expected(f"at least {least}")
        return value

    return Mark(after=judged, schema={"minimum": least})


def at_most(most: float, words: str = "") -> Mark:
    """A number up to this one, which is said in other words where people write it otherwise."""

    def judged(value: float) -> float:
        if value > most:
            raise expected(f"at most {words or most}")
        return value

    return Mark(after=judged, schema={"maximum": most})


def above_zero(value: float) -> float:
    """A number that is not zero and not below it.

    Raises:
        ValueError: it is.
    """
    if value <= 0:
        raise expected("more than 0")
    return value


def form(pattern: str, words: str) -> Mark:
    """Text that fits a pattern, from `^` to `$`; the words are for those who have to write it."""

    def judged(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise expected(words)
        return text

    return Mark(after=judged, schema={"pattern": pattern})


def characters(*, least: int = 0, most: int | None = None) -> Mark:
    """Text of some length."""

    def judged(text: str) -> str:
        if len(text) < least:
            raise expected("text that is not empty")
        if most is not None and len(text) > most:
            raise expected(f"at most {most} characters")
        return text

    bounds = ({"maxLength": most} if most is not None else {}) | ({"minLength": least} if least else {})
    return Mark(after=judged, schema=bounds)


def entries(most: int) -> Mark:
    """A list of at most so many."""

    def judged(items: tuple[Any, ...]) -> tuple[Any, ...]:
        if len(items) > most:
            raise expected(f"at most {most} entries")
        return items

    return Mark(after=judged, schema={"maxItems": most})
