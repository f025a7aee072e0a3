"""What all groups of settings have in common, and the three modes."""

from collections.abc import Mapping
from enum import Enum, StrEnum
from typing import Annotated, Any, Final, Self, dataclass_transform

from sidecar.policy.values.kinds import Stricter, form
from sidecar.policy.values.strictness import stricter_of

MiB = 1024 * 1024
REQUIRED: Final = object()
"""In place of a default: the setting has none."""

FileOrNone = Annotated[
    str, form(r"^(/[^\x00-\x1f]+)?$", "an absolute path such as /etc/upload-sidecar/file, or nothing")
]
"""Absolute path of a file, or empty."""


@dataclass_transform(kw_only_default=True, frozen_default=True)
class Settings:
    """What all groups of settings share: annotations declare them, class attributes are the defaults, nothing changes.

    Values are taken as they are: `reading` makes them of what somebody wrote.
    """

    def __init__(self, **values: Any) -> None:  # noqa: ANN401 - of the kinds that are declared
        group = type(self)
        fields = fields_of(group)
        if not values.keys() <= fields.keys():
            raise TypeError(f"{group.__name__} has no setting {', '.join(values.keys() - fields.keys())}")
        for name in fields:
            object.__setattr__(self, name, values[name] if name in values else getattr(group, name))

    def replaced(self, **changes: Any) -> Self:  # noqa: ANN401 - of the kinds that are declared
        """The same settings, some of them replaced."""
        if not changes.keys() <= fields_of(type(self)).keys():
            raise TypeError(f"{type(self).__name__} has no setting {', '.join(changes.keys() - vars(self).keys())}")
        made = object.__new__(type(self))
        for name, value in (vars(self) | changes).items():
            object.__setattr__(made, name, value)
        return made

    def strictest(self, other: Self) -> Self:
        """Settings that let in nothing that these or the others, of the same group, refuse.

        Raises:
            TypeError: a setting does not say which of its values are stricter.
        """
        both = {name: pick(getattr(self, name), getattr(other, name)) for name, pick in stricter_in(type(self)).items()}
        return self.replaced(**both)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__}.{name} never changes")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__}.{name} never goes")

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and vars(self) == vars(other)

    def __hash__(self) -> int:
        return hash(type(self))  # some of the values are mappings

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in vars(self).items())})"


_FIELDS: Final[dict[type[Settings], Mapping[str, Any]]] = {}


def fields_of(group: type[Settings]) -> Mapping[str, Any]:
    """The declared kind of every setting of a group, those that it inherits first."""
    if group not in _FIELDS:
        bases = (base for base in reversed(group.__mro__) if issubclass(base, Settings))
        _FIELDS[group] = {name: kind for base in bases for name, kind in base.__annotations__.items()}
    return _FIELDS[group]


_STRICTER: Final[dict[type[Settings], Mapping[str, Stricter]]] = {}


def stricter_in(group: type[Settings]) -> Mapping[str, Stricter]:
    """By setting of a group, what finds the stricter of two values.

    Raises:
        TypeError: a setting does not say it.
    """
    if group not in _STRICTER:
        _STRICTER[group] = {name: stricter_of(kind) for name, kind in fields_of(group).items()}
    return _STRICTER[group]


def default_of(group: type[Settings], name: str) -> Any:  # noqa: ANN401 - of the kind that is declared
    """The default of a setting, `REQUIRED` where it has none."""
    return getattr(group, name, REQUIRED)


def as_json(settings: Settings) -> dict[str, Any]:
    """Settings as JSON has them: mappings, lists, text and numbers."""
    return {name: _plain(getattr(settings, name)) for name in fields_of(type(settings))}


def _plain(value: object) -> object:
    match value:
        case Settings():
            return as_json(value)
        case dict():
            return {name: _plain(below) for name, below in value.items()}
        case tuple() | list():
            return [_plain(below) for below in value]
        case Enum():
            return value.value
    return value


class Mode(StrEnum):
    """What happens to uploads."""

    OFF = "off"
    MONITOR = "monitor"
    ENFORCE = "enforce"
