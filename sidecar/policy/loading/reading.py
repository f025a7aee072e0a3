"""Reads plain data as the kinds that settings declare; everything that does not fit is told at once."""

from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Final, Literal, NamedTuple, TypeVar, get_args, get_origin

from sidecar.policy.loading.problem import Path, one_of, quoted
from sidecar.policy.settings.base import REQUIRED, Settings, default_of, fields_of
from sidecar.policy.values.kinds import Mark, expected
from sidecar.policy.values.scalars import LAX, STRICT

UNKNOWN: Final = "unknown setting"

Reader = Callable[[Any], Any]
"""Makes of what was written a value of its kind.

Raises:
    UnfitError: things inside it do not fit.
    ValueError: it does not fit itself; the message is `expected ...`.
"""
S = TypeVar("S", bound=Settings)


class Fault(NamedTuple):
    """One thing that does not fit."""

    path: Path
    message: str
    expected: str
    actual: str | None = None
    """What was seen, where that is not the value at the path."""


class UnfitError(ValueError):
    """Data is not what its kind asks for.

    Attributes:
        faults: everything that does not fit.
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{fault.path} {fault.message}, expected {fault.expected}" for fault in self.faults))


def read(group: type[S], value: object, *, strict: bool = False) -> S:
    """A group of settings as it was written; nothing at all is a group with its defaults.

    Args:
        group: which.
        value: plain data, in which there may be groups that were made before.
        strict: whether text must be text and a number a number, as in files that a program wrote.

    Raises:
        UnfitError: with everything that does not fit.
    """
    kind: Any = group
    try:
        made: S = _reader_of(kind, strict=strict)(value)
    except ValueError as error:
        raise UnfitError(_faults_of(error)) from None
    return made


def _faults_of(error: ValueError, *step: str | int) -> Iterator[Fault]:
    if isinstance(error, UnfitError):
        return (fault._replace(path=(*step, *fault.path)) for fault in error.faults)
    return iter((Fault(step, "is not valid", str(error).removeprefix("expected ")),))


def _read_each(entries: Iterable[tuple[Any, Reader, object]], faults: list[Fault]) -> dict[Any, Any]:
    """What each reader makes, by its step; what does not fit joins the faults that were found before."""
    made = {}
    for step, reader, value in entries:
        try:
            made[step] = reader(value)
        except ValueError as error:
            faults += _faults_of(error, step)
    if faults:
        raise UnfitError(faults)
    return made


@cache
def _reader_of(kind: Any, *, strict: bool) -> Reader:  # noqa: ANN401 - types of types are not for mypy
    if get_origin(kind) is not Annotated:
        return _bare_reader_of(kind, strict=strict)
    marks: tuple[Mark, ...] = kind.__metadata__
    steps = [mark.before for mark in reversed(marks) if mark.before]
    steps += [_bare_reader_of(kind.__origin__, strict=strict), *(mark.after for mark in marks if mark.after)]
    return steps[0] if len(steps) == 1 else _in_turn(tuple(steps))


def _bare_reader_of(kind: Any, *, strict: bool) -> Reader:  # noqa: ANN401 - types of types are not for mypy
    scalars = STRICT if strict else LAX
    if kind in scalars:
        return scalars[kind]
    if isinstance(kind, type) and issubclass(kind, Settings):
        return _Group(kind, strict=strict)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return _one_among({member.value: member for member in kind})
    if get_origin(kind) is Literal:
        return _one_among({text: text for text in get_args(kind)})
    return _composite_reader_of(get_origin(kind), [_reader_of(each, strict=strict) for each in get_args(kind)])


def _composite_reader_of(origin: Any, below: list[Reader]) -> Reader:  # noqa: ANN401 - types of types are not for mypy
    if origin is dict:
        return _mapping_of(*below)
    if origin is tuple or origin is list:
        return _list_of(origin, below[0])
    return _any_of(below)


def _in_turn(steps: tuple[Reader, ...]) -> Reader:
    def read_in_turn(value: object) -> object:
        for step in steps:
            value = step(value)
        return value

    return read_in_turn


def _any_of(readers: list[Reader]) -> Reader:
    """The first that takes it; where none does, the first says why."""

    def read_any(value: object) -> object:
        errors = []
        for reader in readers:
            try:
                return reader(value)
            except ValueError as error:
                errors.append(error)
        raise errors[0]

    return read_any


def _one_among(options: dict[str, object]) -> Reader:
    words = one_of(options)

    def read_choice(value: object) -> object:
        if not isinstance(value, str) or value not in options:
            raise expected(words)
        return options[value]

    return read_choice


def _list_of(made: Callable[[Iterable[object]], object], each: Reader) -> Reader:
    def read_list(value: object) -> object:
        if not isinstance(value, list | tuple):
            raise expected("a list")
        return made(_read_each(((index, each, item) for index, item in enumerate(value)), []).values())

    return read_list


def _mapping_of(key: Reader, each: Reader) -> Reader:
    def read_mapping(value: object) -> object:
        if not isinstance(value, dict):
            raise expected("a mapping")
        return _read_each(((name, each, item) for name, item in value.items()), [*_misnamed(value, key)])

    return read_mapping


def _misnamed(names: Iterable[Any], key: Reader) -> Iterator[Fault]:
    for name in names:
        try:
            key(name)
        except ValueError as error:
            yield from (
                fault._replace(message="is not a usable name", actual=quoted(str(name)))
                for fault in _faults_of(error, name)
            )


class _Group:
    """Reads one group; how each of its settings is read is found out when one is there."""

    def __init__(self, group: type[Settings], *, strict: bool) -> None:
        self._group = group
        self._fields = fields_of(group)
        self._required = tuple(name for name in self._fields if default_of(group, name) is REQUIRED)
        self._readers: dict[str, Reader] = {}
        self._strict = strict

    def __call__(self, value: object) -> Settings:
        if isinstance(value, self._group):
            return value
        written = {} if value is None else value  # its settings are all commented out: the defaults hold
        if not isinstance(written, dict):
            raise expected("a mapping of settings")
        known = ((name, self._reader(name), item) for name, item in written.items() if name in self._fields)
        return self._group(**_read_each(known, [*self._missing(written), *self._unknown(written)]))

    def _reader(self, name: str) -> Reader:
        if name not in self._readers:
            self._readers[name] = _reader_of(self._fields[name], strict=self._strict)
        return self._readers[name]

    def _missing(self, written: dict[str, object]) -> Iterator[Fault]:
        for name in self._required:
            if name not in written:
                yield Fault((name,), "is missing", "a value; it has no default", "")

    def _unknown(self, written: dict[str, object]) -> Iterator[Fault]:
        for name in written:
            if name not in self._fields:
                yield Fault((name,), UNKNOWN, one_of(self._fields), quoted(str(name)))
