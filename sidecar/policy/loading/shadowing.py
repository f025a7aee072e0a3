"""Routes that no request can reach, because others take all that would be theirs."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sidecar.policy.loading.document import Document
from sidecar.policy.loading.problem import Problem
from sidecar.policy.values.spellings import spellings

_ALL: Final = "all methods"
Takers = dict[tuple[str, str], int]
"""The route that takes a method, or all that no route names, of a path in one spelling."""


def shadowing_problems(document: Document) -> Mapping[int, Problem]:
    """An error for each of these routes, by its number."""
    takers: Takers = {}
    problems: dict[int, Problem] = {}
    for index, route in enumerate(document.entries("routes")):
        found = [takers.setdefault(key, index) for key in _keys(route)]
        if found and index not in found:
            others = " and ".join(f"routes[{other}]" for other in sorted(set(found)))
            wanted = "another path, methods that are left, or one route in place of several"
            problems[index] = document.problem(("routes", index, "path"), f"{others} took all of its requests", wanted)
    return problems


def _keys(route: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - whatever the file says
    """What a route asks for; nothing where it is wrong by itself."""
    path, methods = (route.get("path"), route.get("methods") or [_ALL]) if isinstance(route, dict) else (None, ())
    if isinstance(path, str) and _is_list(methods):
        yield from ((spelling, str(method).strip().upper()) for spelling in spellings(path) for method in methods)


def _is_list(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)
