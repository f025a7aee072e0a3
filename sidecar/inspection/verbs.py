"""Which checks are asked, and with which of their verbs."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sidecar.inspection.check import Check
from sidecar.inspection.selection import selected
from sidecar.policy.model import Policy

Verbs = tuple[tuple[str, Callable[..., Any]], ...]
"""Names of checks, and one verb of each."""


def for_within(policy: Policy, checks: Mapping[str, type[Check]]) -> tuple[Check, ...]:
    """New checks for a file that was found inside another."""
    return tuple(selected(policy, {name: check for name, check in checks.items() if check.inside}))


def overridden(checks: Iterable[Check], verb: str) -> Verbs:
    """The verbs that do something: on the hot path the others are not even called."""
    inherited = getattr(Check, verb)
    return tuple((check.name, getattr(check, verb)) for check in checks if getattr(type(check), verb) is not inherited)
