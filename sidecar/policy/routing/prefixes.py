"""Finds routes by the longest prefix of a path, at segment borders."""

from collections.abc import Iterator, Mapping, Sequence

from sidecar.policy.routing.other_names import other_names
from sidecar.policy.settings.model import Route
from sidecar.policy.values.spellings import spellings


class PrefixTable:
    """All routes by their paths, each as it is written, encoded and decoded, and in any case."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self._nothing = frozenset({len(routes)})
        self._routes = routes
        self._numbers: dict[str, list[int]] = {}
        self._spellings: dict[str, list[str]] = {}
        for number, route in enumerate(routes):
            for spelling in spellings(route.path):
                self._numbers.setdefault(spelling, []).append(number)
                self._spellings.setdefault(spelling.casefold(), []).append(spelling)
        for numbers in self._numbers.values():
            numbers.sort(key=lambda number: not routes[number].methods)
        self._itself = {spelling: (spelling,) for spelling in self._numbers}
        self._longest = max(map(len, self._numbers), default=0)
        self._caseless = set(self._numbers) == set(self._spellings)

    def find(self, method: str, path: str) -> frozenset[int]:
        """The numbers of the routes that a path may fall under: as it is, and where capitals do not count.

        So do the routes of its other names, where those leave less of it unnamed. The number after the last route
        stands for none of them.
        """
        found, left = self._closest(method, path)
        if left and path.find(".") >= 0:
            for name in other_names(path):
                others, unnamed = self._closest(method, name)
                if unnamed < left:
                    found |= others
        return found

    def _closest(self, method: str, path: str) -> tuple[frozenset[int], int]:
        """The routes of a path, and how much of it they do not name."""
        folded = path.casefold()
        exact, left = self._longest_of(method, path, self._itself)
        if self._caseless and folded == path:
            return exact, left
        caseless, unnamed = self._longest_of(method, folded, self._spellings)
        return exact | caseless, min(left, unnamed)

    def _longest_of(self, method: str, path: str, spellings: Mapping[str, Sequence[str]]) -> tuple[frozenset[int], int]:
        for key in self._prefixes(path):
            if key in spellings and (found := self._at(method, spellings[key])):
                return found, len(path) - len(key)
        return self._nothing, len(path)

    def _at(self, method: str, spellings: Sequence[str]) -> frozenset[int]:
        """The first route of each spelling that takes the method; naming it goes before taking all."""
        return frozenset(number for spelling in spellings for number in self._first(method, spelling))

    def _first(self, method: str, spelling: str) -> Iterator[int]:
        for number in self._numbers.get(spelling, ()):
            if not self._routes[number].methods or method in self._routes[number].methods:
                yield number
                return

    def _prefixes(self, path: str) -> Iterator[str]:
        """The beginnings of a path that end at a border, the longest first, none longer than any route."""
        end = len(path) if len(path) <= self._longest else path.rfind("/", 0, self._longest + 1)
        while end > 0:
            yield path[:end]
            end = path.rfind("/", 0, end)
        yield ""
