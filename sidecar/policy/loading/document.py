"""Plain data that remembers where each piece of it was written."""

from dataclasses import dataclass, field
from typing import Any, Final

from sidecar.policy.loading.problem import Path, Problem, path_text, shown

_NOTHING: Final = object()


def _below(value: object, step: str | int) -> object:
    match value:
        case dict() if isinstance(step, str):
            return value.get(step, _NOTHING)
        case list() if isinstance(step, int) and 0 <= step < len(value):
            return value[step]
    return _NOTHING


@dataclass(slots=True)
class Document:
    """The settings as written in a file, the environment and the flags."""

    data: dict[str, Any] = field(default_factory=dict)
    lines: dict[Path, int] = field(default_factory=dict)
    """Line of the key of each value in the file, counted from 1."""
    origins: dict[Path, str] = field(default_factory=dict)
    """The environment variable or flag that set a value."""

    def _find(self, path: Path) -> object:
        found: object = self.data
        for step in path:
            found = _below(found, step)
        return found

    def _reached(self, path: Path) -> int:
        """How many steps of a path lead to something that is there."""
        return next((end for end in range(len(path)) if self.get(*path[: end + 1]) is None), len(path))

    def get(self, *path: str | int) -> Any:  # noqa: ANN401 - it is whatever the file says
        """The value at a path, None where there is none."""
        found = self._find(path)
        return None if found is _NOTHING else found

    def names(self, *path: str | int) -> tuple[str, ...]:
        """The keys of the mapping at a path; none where there is no mapping."""
        found = self._find(path)
        return tuple(found) if isinstance(found, dict) else ()

    def entries(self, *path: str | int) -> list[Any]:
        """The entries of the list at a path; none where there is no list."""
        found = self._find(path)
        return found if isinstance(found, list) else []

    def put(self, path: Path, value: object, origin: str) -> bool:
        """Set a value from outside the file; False where the path leads through what holds no such setting."""
        if any(not isinstance(step, str) for step in path[self._reached(path) :]):
            return False  # a place in a list that is not there: nothing is made on the way to it
        place: object = self.data
        for step in path[:-1]:
            if isinstance(place, dict) and isinstance(step, str) and place.get(step) is None:
                place[step] = {}
            place = _below(place, step)
        step = path[-1]
        if isinstance(place, dict) and isinstance(step, str):
            place[step] = value
        elif isinstance(place, list) and _below(place, step) is not _NOTHING:
            place[int(step)] = value
        else:
            return False
        self.origins[path] = origin
        return True

    def problem(self, path: Path, message: str, expected: str = "", *, actual: str | None = None) -> Problem:
        """What is wrong at a path, with its place and, unless told otherwise, what is written there."""
        seen = shown(self.get(*path)) if actual is None else actual
        for end in range(len(path), 0, -1):
            if path[:end] in self.origins:
                rest = path_text(path[end:])
                dot = "." if rest and not rest.startswith("[") else ""
                return Problem(f"{self.origins[path[:end]]}{dot}{rest}", None, message, expected, seen)
        return Problem(path_text(path), self._line(path), message, expected, seen)

    def _line(self, path: Path) -> int | None:
        for end in range(len(path), 0, -1):
            if path[:end] in self.lines:
                return self.lines[path[:end]]
        return None
