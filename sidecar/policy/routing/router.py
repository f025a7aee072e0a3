"""Finds the policy and the mode of a request."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from sidecar.policy.routing.digest import digest_of
from sidecar.policy.routing.prefixes import PrefixTable
from sidecar.policy.routing.readings import readings, text_of
from sidecar.policy.routing.strictest import lenient_mode, strictest, strictest_mode
from sidecar.policy.settings.model import Config, Mode, Policy, Route
from sidecar.policy.settings.uploads import Body, Delivery

DEFAULT_LABEL: Final = "default"
"""How requests are called that no route names."""
_LONGEST_KEPT: Final = 256
"""Characters of a path worth remembering; with 1024 of them a router keeps under 1 MiB of what clients send."""
_LONGEST_METHOD: Final = 16
MOST_MOVED: Final = 8
"""Methods and paths that one request may have; one with more is held to the strictest of all."""
_NO_ROUTE: Final = Route(path="/")


@dataclass(frozen=True, slots=True)
class Match:
    """What holds for one request."""

    label: str
    """The route in metrics and logs; `default` where none names the request."""
    policy_name: str
    """The policy; several joined by `+` where the path can be read in several ways, and the strictest of each holds."""
    policy: Policy
    mode: Mode
    named: bool
    """Whether a route names the request."""
    delivery: Delivery = "hold"
    """`stream` only where every reading of the path asks for it."""
    body: Body = "canonical"
    """`original` only where every reading of the path asks for it."""
    tunnels: bool = False
    """Whether every reading of the path lets tunnels through."""
    paths: tuple[str, ...] = ()
    """The paths of its routes, as configured."""
    enforce_percent: float = 100.0
    """Share of the clients to which `enforce` applies; for the others the mode is monitor."""
    policy_digest: str = ""
    """SHA-256 of the policy with all of its defaults."""


class Router:
    """Finds the longest route at segment borders, in every way in which a service could read the path.

    A path that every server reads alike has one match. Where readings fall under different routes, the strictest of
    all their policies and modes holds, under the label of the first of them in the configuration: whichever way the
    service reads the path, no weaker policy than the right one was applied. The target itself goes on unchanged.
    """

    def __init__(self, config: Config, cap: Mode = Mode.ENFORCE) -> None:
        """The strictest mode that any request has is `cap`: a switch lowers the modes of all routes."""
        self._config = config
        self._cap = cap
        self._all = frozenset(range(len(config.routes) + 1))
        self._table = PrefixTable(config.routes)
        self._match_of: Callable[[frozenset[int]], Match] = lru_cache(maxsize=256)(self._judge)
        self._remembered: Callable[[str, str], Match] = lru_cache(maxsize=1024)(self._find)

    def match(self, method: str, path: bytes | str, moved: Sequence[tuple[str, str]] = ()) -> Match:
        """The label, policy and mode of a request; never raises.

        Args:
            method: as sent.
            path: the raw target, its query included or not.
            moved: other methods and paths that the service may read instead.
        """
        text = text_of(path)
        if moved:
            return self._strictest(((method, text), *moved))
        if len(text) > _LONGEST_KEPT or len(method) > _LONGEST_METHOD:
            return self._find(method, text)
        return self._remembered(method, text)

    def shares(self) -> dict[str, float]:
        """By label, the share of the clients to which `enforce` applies, 0 to 1; 0 where the mode is another."""
        matches = (self._match_of(frozenset({number})) for number in range(len(self._config.routes) + 1))
        return {match.label: match.enforce_percent / 100 if match.mode is Mode.ENFORCE else 0.0 for match in matches}

    def _find(self, method: str, path: str) -> Match:
        return self._match_of(self._numbers(method, path))

    def _strictest(self, requests: Sequence[tuple[str, str]]) -> Match:
        """The match of a request that may be each of these."""
        if len(requests) > MOST_MOVED:
            return self._match_of(self._all)
        return self._match_of(frozenset().union(*(self._numbers(method, path) for method, path in requests)))

    def _numbers(self, method: str, path: str) -> frozenset[int]:
        views = readings(path)
        if views is None:
            return self._all
        return frozenset().union(*(self._table.find(method.upper(), view) for view in views))

    def _judge(self, found: frozenset[int]) -> Match:
        """The match of the routes with these numbers; the number after the last is no route."""
        routes = [self._route(number) for number in sorted(found)]
        names = tuple(dict.fromkeys(route.policy for route in routes))
        named = min(found) < len(self._config.routes)
        policy = strictest(self._config.policies.get(name) or Policy() for name in names)
        return Match(
            label=routes[0].label if named else DEFAULT_LABEL,
            policy_name="+".join(names),
            policy=policy,
            mode=self._mode(routes),
            named=named,
            delivery="stream" if all(route.delivery == "stream" for route in routes) else "hold",
            body="original" if all(route.body == "original" for route in routes) else "canonical",
            tunnels=all(route.tunnels == "pass" for route in routes),
            paths=tuple(dict.fromkeys(route.path for route in routes)) if named else (),
            enforce_percent=self._enforce_percent(routes),
            policy_digest=digest_of(policy),
        )

    def _route(self, number: int) -> Route:
        return self._config.routes[number] if number < len(self._config.routes) else _NO_ROUTE

    def _mode(self, routes: list[Route]) -> Mode:
        """A global `off` is the switch that always works, so it wins over every route."""
        if self._config.mode is Mode.OFF:
            return Mode.OFF
        return lenient_mode((self._cap, strictest_mode(route.mode or self._config.mode for route in routes)))

    def _enforce_percent(self, routes: list[Route]) -> float:
        """The largest share of those that enforce at all."""
        shares = (
            self._config.enforce_percent if route.enforce_percent is None else route.enforce_percent
            for route in routes
            if (route.mode or self._config.mode) is Mode.ENFORCE
        )
        return max(shares, default=100.0)
