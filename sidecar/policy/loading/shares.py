"""What makes sense setting by setting, but not together, in a share of enforcement."""

from collections.abc import Iterator
from typing import Final

from sidecar.policy.loading.document import Document
from sidecar.policy.loading.problem import Problem

_ALL: Final = 100
_NONE_TRUSTED: Final = (None, 0, "0")  # no set: a list can be asked for, too


def rollout_problems(document: Document) -> Iterator[Problem]:
    """Settings that would make one client of all."""
    by = str(document.get("rollout", "by") or "address").strip().lower()
    name = document.get("rollout", "name")
    if by in {"header", "cookie"} and not name:
        yield document.problem(("rollout", "by"), "needs a name", f"rollout.name: the name of the {by}")
    if by == "address" and name:
        yield document.problem(("rollout", "name"), "is of no use by address", "rollout.by: header or cookie")
    listen = document.get("listen")
    hops = document.get("forwarded", "trusted_hops")
    if by == "address" and isinstance(listen, str) and listen.startswith("unix:") and hops in _NONE_TRUSTED:
        yield from _all_alike(document)


def _all_alike(document: Document) -> Iterator[Problem]:
    """On a unix socket the hop before has no address."""
    routes = range(len(document.entries("routes")))
    for place in (("enforce_percent",), *(("routes", index, "enforce_percent") for index in routes)):
        if _is_share(document.get(*place)):
            expected = "forwarded.trusted_hops above 0, or rollout.by: header or cookie"
            yield document.problem(place, "on a unix socket all clients have one address", expected)


def _is_share(value: object) -> bool:
    try:
        return value is not None and 0 < float(str(value)) < _ALL
    except ValueError:
        return False
