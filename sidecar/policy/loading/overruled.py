"""Limits that another setting overrules: no error by itself, and most often one of the two was forgotten."""

from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import Any, Final

from sidecar.policy.loading.problem import Problem
from sidecar.policy.settings.base import Settings
from sidecar.policy.settings.model import Config, Drain, Policy
from sidecar.policy.values.units import seconds_text, size_text

_Pair = tuple[str, str, Callable[[Any], str]]
"""The inner limit, the outer one, and how they are written."""
_WITHIN: Final[dict[str, _Pair]] = {
    "client": ("idle_timeout", "max_duration", seconds_text),
    "spool": ("memory", "max_memory", size_text),
    "isolation": ("cpu", "time", "{:g}".format),
}
_OF_SCANNERS: Final[_Pair] = ("connect_timeout", "deadline", seconds_text)
_WITHIN_FILES: Final[_Pair] = ("inside.max_file", "inside.max_bytes", size_text)
_IN_JSON: Final[_Pair] = ("bodies.json_max", "max_body", size_text)


def overruled(config: Config) -> Iterator[Problem]:
    """What would be told to whoever wrote it."""
    for group, pair in _WITHIN.items():
        yield from _unreachable(group, getattr(config, group), pair)
    for name, scanner in config.scanners.items():
        yield from _unreachable(f"scanners.{name}", scanner, _OF_SCANNERS)
    for name, policy in config.policies.items():
        yield from _within_policy(f"policies.{name}", policy, config)
        yield from _unscanned(f"policies.{name}", policy, config)
    yield from _lease(config.drain)


def _within_policy(path: str, policy: Policy, config: Config) -> Iterator[Problem]:
    default = config.policies["default"]
    for pair in (_WITHIN_FILES, *([_IN_JSON] if policy.bodies.json_files else ())):
        inherited = attrgetter(*pair[:2])
        if policy is default or inherited(policy) != inherited(default):  # what `default` says is told there
            yield from _unreachable(path, policy, pair)


def _unreachable(path: str, settings: Settings, pair: _Pair) -> Iterator[Problem]:
    """One limit above another, unless nobody wrote it: the lower one simply comes first then."""
    inner, outer, text = pair
    value, most = attrgetter(inner, outer)(settings)
    if value > most and value != attrgetter(inner)(type(settings)):
        expected = f"at most {text(most)}, or a higher {outer}"
        yield Problem(f"{path}.{inner}", None, f"can never be reached under {outer}", expected, text(value))


def _unscanned(path: str, policy: Policy, config: Config) -> Iterator[Problem]:
    """Files that a policy lets in by their size and refuses because a scanner is not sent files of that size."""
    size = min(policy.max_file, policy.max_body)
    setting = "max_file" if size == policy.max_file else "max_body"
    for name in policy.scanners.use if policy.scanners.on_not_examined == "refuse" else ():
        if size > (most := config.scanners[name].max_file):
            why = f"files of more than scanners.{name}.max_file are not scanned, and so refused"
            other = f"a larger scanners.{name}.max_file, or scanners.on_not_examined: forward"
            yield Problem(f"{path}.{setting}", None, why, f"at most {size_text(most)}, or {other}", size_text(size))


def _lease(drain: Drain) -> Iterator[Problem]:
    longest = drain.accept_for + drain.timeout
    if drain.listen is not None and drain.lease < longest:
        why = "a drain that was asked for is over before what is under way has had its time"
        expected = f"at least {seconds_text(longest)}, which is drain.accept_for and drain.timeout"
        yield Problem("drain.lease", None, why, expected, seconds_text(drain.lease))
