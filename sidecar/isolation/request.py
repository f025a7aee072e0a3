"""What a worker is asked. It is pickled: both ends are ours, and the worker is the one that is not trusted."""

import itertools
import os
import pickle
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from sidecar.inspection import unexamined
from sidecar.inspection.catalogue import all_checks
from sidecar.inspection.file import File
from sidecar.inspection.limits import INSIDE
from sidecar.inspection.reason import Reason
from sidecar.inspection.selection import settings_of
from sidecar.policy.settings.model import Policy, Settings

MOST: Final = 128 * 1024
"""Bytes of a question: files at hand, and what is known of them. It is one packet, so it goes at once or not at all."""


class Request(NamedTuple):
    """One file to examine.

    Descriptors come beside it: first of the policy, where the worker has not seen it yet; last, where the bytes do not
    stand here, of the file, or of the tray if this is the first file on it.
    """

    policy: int
    """Number under which it is known."""
    file: File
    data: bytes | None
    """All bytes of the file; None where there is a descriptor of them."""
    start: int
    """Where they begin behind the descriptor, or on the tray."""
    on_tray: bool
    """They lie on the worker's tray."""
    stop_at_first: bool
    explain: bool
    """The tree is wanted, too."""


class Written(NamedTuple):
    """A policy as workers read it."""

    policy: Policy
    number: int
    pickled: bytes


class Policies:
    """Writes each policy once, and knows what can be found under it."""

    _MOST: Final = 64

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._written: dict[int, Written] = {}
        self._reasons: dict[tuple[int, tuple[str, ...]], Mapping[str, Reason]] = {}
        self._quick: dict[tuple[str, ...], bool] = {}

    def written(self, policy: Policy) -> Written:
        """A policy as workers read it."""
        known = self._written.get(id(policy))
        if known is None:
            if len(self._written) >= self._MOST:
                self._written.clear()
            pickled = pickle.dumps(resolved(policy), pickle.HIGHEST_PROTOCOL)
            known = Written(policy, next(self._numbers), pickled)
            self._written[id(policy)] = known  # keeps the policy, so nobody else can get its id
        return known

    def reasons(self, policy: Policy, file: File) -> Mapping[str, Reason]:
        """All that an examination under a policy can find: the checks that want the file, those for files within."""
        key = self.written(policy).number, file.wanted_by
        if key not in self._reasons:
            if len(self._reasons) >= self._MOST:
                self._reasons.clear()
            self._reasons[key] = _reasons(policy, file.wanted_by)
        return self._reasons[key]

    def are_quick(self, checks: tuple[str, ...]) -> bool:
        """Whether all these checks, by their names, are quick with a small file."""
        if checks not in self._quick:
            if len(self._quick) >= self._MOST:
                self._quick.clear()
            self._quick[checks] = all(all_checks()[name].quick for name in checks)
        return self._quick[checks]


def _reasons(policy: Policy, wanted_by: tuple[str, ...]) -> Mapping[str, Reason]:
    checks = all_checks()
    within = () if policy.checks == "off" else [check for check in checks.values() if check.inside]
    found = [reason for check in (*map(checks.__getitem__, wanted_by), *within) for reason in check.reasons]
    return {reason.code: reason for reason in (*found, *INSIDE, *unexamined.REASONS)}


def resolved(policy: Policy) -> Policy:
    """The same policy with the settings of every check as values: where it is read nothing is validated any more."""
    if policy.checks == "off":
        return policy
    settings: dict[str, Settings | str] = {
        name: settings_of(check, policy.checks.get(name, "on")) or "off" for name, check in all_checks().items()
    }
    return policy.replaced(checks=settings)


def written(requests: Sequence[Request]) -> bytes:
    """A question as one packet: one file, or several under the same policy that are all at hand."""
    return pickle.dumps(tuple(requests), pickle.HIGHEST_PROTOCOL)


def read(packet: memoryview) -> tuple[Request, ...]:
    """What `written` wrote."""
    requests: tuple[Request, ...] = pickle.loads(packet)  # noqa: S301 - written by the process that started this one
    return requests


def read_policy(descriptor: int) -> Policy:
    """What `Policies` wrote."""
    data = os.pread(descriptor, os.fstat(descriptor).st_size, 0)
    policy: Policy = pickle.loads(data)  # noqa: S301 - written by the process that started this one
    return policy
