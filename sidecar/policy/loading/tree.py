"""The tree of all settings, as the groups declare it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, get_args, get_origin

from sidecar.policy.loading.problem import Path
from sidecar.policy.settings.base import fields_of
from sidecar.policy.settings.model import Config, Settings

Checks = Mapping[str, type[Settings]]
"""The settings type of every check, by its name."""
_CHECKS_DEPTH = 3


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting and where it stands."""

    path: str
    """`policies.NAME.files.types`, `routes[].path`."""
    kind: Any
    """As it is declared, with its marks."""
    holder: type[Settings]
    """The group that declares it, whose attribute of this name is the default."""

    @property
    def name(self) -> str:
        """The last step of the path."""
        return self.path.rpartition(".")[2]

    @property
    def group(self) -> str:
        """The path without its last step, empty at the top."""
        return self.path.rpartition(".")[0]


def kind_at(path: Path, checks: Checks) -> Any:  # noqa: ANN401 - types of types are not for mypy
    """The declared type at a path, None where nothing is declared."""
    kind: Any = Config
    for depth, step in enumerate(path):
        if depth == _CHECKS_DEPTH and path[0] == "policies" and path[2] == "checks":
            kind = checks.get(str(step))
        else:
            kind = _below(kind, step)
    return kind


def bare(kind: Any) -> Any:  # noqa: ANN401 - types of types are not for mypy
    """The declared type without its marks."""
    return kind.__origin__ if get_origin(kind) is Annotated else kind


def group_at(path: Path, checks: Checks) -> type[Settings] | None:
    """The group of settings at a path, None where there is none."""
    kind = kind_at(path, checks)
    return kind if is_group(kind) else None


def is_group(kind: object) -> bool:
    """Whether the declared type is a group of settings."""
    return isinstance(kind, type) and issubclass(kind, Settings)


def is_list(kind: object) -> bool:
    """Whether the declared type takes a list."""
    return get_origin(kind) in {tuple, list, frozenset}


def is_mapping(kind: object) -> bool:
    """Whether the declared type takes a mapping with names of its own, perhaps beside something else."""
    return get_origin(kind) is dict or any(get_origin(each) is dict for each in get_args(kind))


def _below(kind: Any, step: str | int) -> Any:  # noqa: ANN401 - types of types are not for mypy
    if is_group(kind) and isinstance(step, str):
        return bare(fields_of(kind).get(step))
    if isinstance(step, int) and is_list(kind):
        return bare(get_args(kind)[0])
    return bare(get_args(kind)[1]) if get_origin(kind) is dict else None


def settings_below(group: type[Settings], prefix: str = "") -> Iterator[Setting]:
    """Every setting of a group and of the groups in it, in the order of declaration."""
    for name, kind in fields_of(group).items():
        path = f"{prefix}.{name}" if prefix else name
        yield Setting(path, kind, group)
        inner, suffix = _inner(bare(kind))
        if inner is not None:
            yield from settings_below(inner, path + suffix)


def _inner(kind: Any) -> tuple[type[Settings] | None, str]:  # noqa: ANN401 - types of types are not for mypy
    suffix = "[]" if is_list(kind) else ".NAME" if get_origin(kind) is dict else ""
    inner = get_args(kind)[0 if suffix == "[]" else 1] if suffix else kind
    return (inner if is_group(inner) else None), suffix


@cache
def homes(name: str) -> tuple[str, ...]:
    """The groups in which a setting of this name stands."""
    return tuple(setting.group for setting in settings_below(Config) if setting.name == name)
