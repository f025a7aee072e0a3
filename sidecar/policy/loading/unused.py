"""What a configuration names and nothing reaches: no error by itself, and most often a mistake in a name."""

from collections.abc import Iterable, Iterator
from typing import Final

from sidecar.policy.loading.problem import Problem, nearest, quoted
from sidecar.policy.settings.bounds import parse_bound
from sidecar.policy.settings.model import Config

_METHODS: Final = frozenset({
    "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "QUERY", "ACL", "BASELINE-CONTROL", "BIND", "CHECKIN",
    "CHECKOUT", "COPY", "LABEL", "LINK", "LOCK", "MERGE", "MKACTIVITY", "MKCALENDAR", "MKCOL", "MKREDIRECTREF",
    "MKWORKSPACE", "MOVE", "ORDERPATCH", "PROPFIND", "PROPPATCH", "REBIND", "REPORT", "SEARCH", "UNBIND", "UNCHECKOUT",
    "UNLINK", "UNLOCK", "UPDATE", "UPDATEREDIRECTREF", "VERSION-CONTROL", "NOTIFY", "SUBSCRIBE", "UNSUBSCRIBE", "PURGE",
})  # fmt: skip
"""IANA's registry of methods, and what UPnP and caches use besides; without TRACE and CONNECT, which never go on."""
_KINDS: Final = frozenset({
    "*", "application", "audio", "chemical", "font", "haptics", "image", "message", "model", "multipart", "text",
    "video",
})  # fmt: skip
"""IANA's first halves of content types, and one that is common without it."""


def unused(config: Config) -> Iterator[Problem]:
    """What would be told to whoever wrote it, in the order of the file."""
    routes = [route.name or route.path for route in config.routes]
    for index, text in enumerate(config.change.bounds):
        if (route := parse_bound(text).route) and route != "default":
            yield from _unknown(f"change.bounds[{index}]", "route", route, routes)
    policies = {"default", *(route.policy for route in config.routes)}
    for name, policy in config.policies.items():
        if name not in policies:
            yield _idle(f"policies.{name}", "no route uses it", nearest(name, policies - {name}))
        yield from _types(f"policies.{name}.files.types", policy.files.types)
    for index, found in enumerate(config.routes):
        for place, method in enumerate(found.methods):
            yield from _unknown(f"routes[{index}].methods[{place}]", "method of HTTP", method, _METHODS)


def _types(path: str, types: Iterable[str]) -> Iterator[Problem]:
    for index, written in enumerate(types):
        half = written.partition("/")[0]
        if not half.startswith("x-"):
            yield from _unknown(f"{path}[{index}]", "first half of a content type", half, _KINDS)


def _unknown(path: str, what: str, name: str, known: Iterable[str]) -> Iterator[Problem]:
    if name not in known:
        written = {each.lower().replace("-", "_"): each for each in known}
        yield _idle(path, f"{quoted(name)} is no {what}", written.get(nearest(name, written) or ""))


def _idle(path: str, why: str, meant: str | None) -> Problem:
    question = f"; did you mean {quoted(meant)}?" if meant else ""
    return Problem(path, None, f"has no effect: {why}{question}")
