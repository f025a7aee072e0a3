"""What is different between two configurations, setting by setting."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sidecar.policy.loading.problem import shown
from sidecar.policy.settings.base import as_json
from sidecar.policy.settings.model import Config

MAX_CHANGES: Final = 50
"""Changes told of one by one."""
_MAX_ITEMS: Final = 8
_NOTHING: Final = object()


def difference(old: Config, new: Config) -> tuple[str, ...]:
    """Each change as `path: before -> after`; safe to print, bounded in number and length."""
    return difference_of(as_json(old), as_json(new))


def difference_of(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[str, ...]:
    """The same for two configurations as JSON has them."""
    changes = list(_changes("", old, new))
    more = len(changes) - MAX_CHANGES
    return (*changes[:MAX_CHANGES], *([f"and {more} more"] if more > 0 else []))


def _changes(path: str, old: Any, new: Any) -> Iterator[str]:  # noqa: ANN401 - whatever JSON can say
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for name in dict.fromkeys((*old, *new)):
            below = f"{path}.{shown(name)}" if path else shown(name)
            yield from _changes(below, old.get(name, _NOTHING), new.get(name, _NOTHING))
    elif isinstance(old, list) and isinstance(new, list):
        yield from _of_lists(path, old, new)
    else:
        yield f"{path}: {_told(old)} -> {_told(new)}"


def _of_lists(path: str, old: list[Any], new: list[Any]) -> Iterator[str]:
    """Lists of settings one by one, lists of words by what came and what went."""
    if any(isinstance(item, dict) for item in (*old, *new)):
        for index in range(max(len(old), len(new))):
            pair = ([*old, *[_NOTHING] * len(new)][index], [*new, *[_NOTHING] * len(old)][index])
            yield from _changes(f"{path}[{index}]", *pair)
        return
    gone, come = ([item for item in one if item not in other] for one, other in ((old, new), (new, old)))
    yield f"{path}: " + ("; ".join(filter(None, (_items("+", come), _items("-", gone)))) or "another order")


def _items(sign: str, items: list[Any]) -> str:
    more = [f"{len(items) - _MAX_ITEMS} more"] if len(items) > _MAX_ITEMS else []
    return f"{sign} " + ", ".join([shown(item) for item in items[:_MAX_ITEMS]] + more) if items else ""


def _told(value: object) -> str:
    return "not there" if value is _NOTHING else shown(value)
