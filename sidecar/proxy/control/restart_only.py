"""Settings that are bound to sockets and files opened at start: a reload keeps them as they were."""

from operator import attrgetter
from typing import Final, TypeVar

from sidecar.policy.settings.base import Settings
from sidecar.policy.settings.model import Config
from sidecar.proxy.control.reload import Build

S = TypeVar("S", bound=Settings)

RESTART_ONLY: Final = ("listen", "tls", "workers", "admin", "spool", "drain.listen")


def kept(old: Config, new: Config) -> tuple[Config, tuple[str, ...]]:
    """The new configuration with what only a restart changes left as it was, and the names of what that concerns."""
    changed = tuple(name for name in RESTART_ONLY if attrgetter(name)(new) != attrgetter(name)(old))
    for name in changed:
        new = _with(new, name.split("."), attrgetter(name)(old))
    return new, changed


def as_started(started: Config, build: Build) -> Build:
    """What builds, for one in another's place: what only a restart changes is as all of them started with it."""
    return lambda raw: kept(started, build(raw))[0]


def _with(settings: S, path: list[str], value: object) -> S:
    """The same settings, one of them replaced."""
    name, *rest = path
    return settings.replaced(**{name: _with(getattr(settings, name), rest, value) if rest else value})
