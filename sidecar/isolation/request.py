"""What a worker is asked. It is pickled: both ends are ours, and the worker is the one that is not trusted."""

import pickle
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sidecar.inspection import unexamined
from sidecar.inspection.catalogue import all_checks
from sidecar.inspection.file import File
from sidecar.inspection.limits import INSIDE
from sidecar.inspection.reason import Reason
from sidecar.inspection.selection import settings_of
from sidecar.policy.model import Policy, Settings

HEADER: Final = struct.Struct("<II")
"""Bytes of the policy, and of the rest, behind which they follow."""


@dataclass(frozen=True, slots=True)
class Request:
    """One file to examine; it comes as a descriptor beside this."""

    file: File
    size: int
    stop_at_first: bool


class Requests:
    """Writes requests; a policy is written once."""

    _MOST: Final = 64

    def __init__(self) -> None:
        self._policies: dict[int, tuple[Policy, bytes]] = {}
        self._reasons: dict[tuple[int, tuple[str, ...]], tuple[Policy, Mapping[str, Reason]]] = {}

    def message(self, policy: Policy, request: Request) -> bytes:
        """A policy and a request, as `read` takes them."""
        rest = pickle.dumps(request, pickle.HIGHEST_PROTOCOL)
        written = self._written(policy)
        return HEADER.pack(len(written), len(rest)) + written + rest

    def reasons(self, policy: Policy, file: File) -> Mapping[str, Reason]:
        """All that an examination under a policy can find: the checks that want the file, those for files within."""
        known = self._reasons.get((id(policy), file.wanted_by))
        if known is None:
            if len(self._reasons) >= self._MOST:
                self._reasons.clear()
            known = self._reasons[id(policy), file.wanted_by] = policy, _reasons(policy, file.wanted_by)
        return known[1]

    def _written(self, policy: Policy) -> bytes:
        known = self._policies.get(id(policy))
        if known is None:
            if len(self._policies) >= self._MOST:
                self._policies.clear()
            known = policy, pickle.dumps(resolved(policy), pickle.HIGHEST_PROTOCOL)
            self._policies[id(policy)] = known  # keeps the policy, so nobody else can get its id
        return known[1]


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
    return policy.model_copy(update={"checks": settings})


def read(policy: bytes, rest: bytes) -> tuple[Policy, Request]:
    """What `Requests.message` wrote."""
    return pickle.loads(policy), pickle.loads(rest)  # noqa: S301 - written by the process that started this one
