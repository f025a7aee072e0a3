"""Which values of a setting let in less: every setting of a check says it beside its type."""

from typing import Annotated, Any, Final, get_origin

from sidecar.policy.values.kinds import Mark, Stricter


def _all(one: tuple[Any, ...], other: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(one + other))


LOWER: Final = Mark(stricter=min)
"""A limit."""
ON: Final = Mark(stricter=max)
"""A switch that refuses more where it is on."""
ALL: Final = Mark(stricter=_all)
"""A list that refuses the more the longer it is."""


def rising(*words: str) -> Mark:
    """A choice, from the word that lets in most to the one that lets in least; `Literal` keeps no order of its own."""
    return Mark(stricter=lambda one, other: max(one, other, key=words.index))


def stricter_of(kind: Any) -> Stricter:  # noqa: ANN401 - types of types are not for mypy
    """What finds the stricter of two values of a setting.

    Args:
        kind: as the setting is declared, with its marks.

    Raises:
        TypeError: it does not say which values are stricter.
    """
    marks: tuple[Mark, ...] = kind.__metadata__ if get_origin(kind) is Annotated else ()
    for mark in marks:
        if mark.stricter is not None:
            return mark.stricter
    raise TypeError(f"{kind} does not say which of its values are stricter")
