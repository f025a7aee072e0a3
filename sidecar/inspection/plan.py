"""The checks of one policy, prepared: whatever is the same for every upload is found out once."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final, NamedTuple

from sidecar.inspection.catalogue import all_checks
from sidecar.inspection.check import Check
from sidecar.inspection.limits import Limits
from sidecar.inspection.monitored import monitored
from sidecar.inspection.selection import chosen
from sidecar.policy.settings.model import Policy

Verbs = tuple[tuple[int, Callable[..., Any]], ...]
"""One verb of every check for which it does something, behind the check's place in the plan."""
_MOST: Final = 128


class Course(NamedTuple):
    """What is asked about a part while it arrives."""

    begin: Verbs
    feed: Verbs
    end: Verbs


class Plan:
    """Makes the checks of an upload, or of a file inside another, and knows which of their verbs do something.

    A check without an `__init__` of its own keeps nothing from one call to the next, so one serves all uploads.
    """

    def __init__(self, policy: Policy, checks: Mapping[str, type[Check]], first: Iterable[type[Check]] = ()) -> None:
        """Find out what can be known.

        Args:
            policy: whose.
            checks: to choose from.
            first: checks that are always on, and asked before the others.
        """
        self.monitored = monitored(policy, checks)
        self._policy = policy
        self._chosen = (*((check, check.settings_type()) for check in first), *chosen(policy, checks))
        self._lasting = [check(settings, policy) for check, settings in self._chosen]
        self._anew = [place for place, (check, _) in enumerate(self._chosen) if check.__init__ is not Check.__init__]
        self.of_file, self.of_field = self._course(files=True), self._course(files=False)
        self.look, self.wants, self.examine = self._verbs("look"), self._verbs("wants"), self._verbs("examine")
        self._wants_by_first = tuple(tuple(self._wanting(first)) for first in range(256))
        self.parts = tuple(check.name for check, _ in self._chosen if check.parts)
        self._places: dict[tuple[str, ...], Sequence[int]] = {}

    def checks(self) -> Sequence[Check]:
        """Those of one upload: new ones where they keep anything."""
        checks = self._lasting.copy()
        for place in self._anew:
            checks[place] = self._made(place)
        return checks

    def wants_of(self, head: bytes) -> Verbs:
        """`wants` of each check that may want a file which begins so."""
        return self._wants_by_first[head[0]] if head else self.wants

    def _wanting(self, first: int) -> Iterator[tuple[int, Callable[..., Any]]]:
        for number, wants in self.wants:
            begins = self._chosen[number][0].begins
            if not begins or first in begins:
                yield number, wants

    def checks_of(self, names: tuple[str, ...]) -> Sequence[Check]:
        """The checks, by their names, that want one file whole."""
        places = self._places.get(names)
        if places is None:
            if len(self._places) >= _MOST:
                self._places.clear()
            places = self._places[names] = [place for place, check in enumerate(self._lasting) if check.name in names]
        return [self._made(place) if place in self._anew else self._lasting[place] for place in places]

    def _made(self, place: int) -> Check:
        check, settings = self._chosen[place]
        return check(settings, self._policy)

    def _course(self, *, files: bool) -> Course:
        return Course(*(self._verbs(name, files=files) for name in Course._fields))

    def _verbs(self, name: str, *, files: bool = True) -> Verbs:
        return tuple(
            (number, getattr(check, name))
            for number, (check, _) in enumerate(self._chosen)
            if getattr(check, name) is not getattr(Check, name) and (files or not check.files_only)
        )


class Plans:
    """One plan for each policy in use."""

    def __init__(self, checks: Mapping[str, type[Check]], first: Iterable[type[Check]] = ()) -> None:
        self._checks = checks
        self._first = tuple(first)
        self._made: dict[int, tuple[Policy, Plan]] = {}

    def of(self, policy: Policy) -> Plan:
        """The plan of a policy; it keeps the policy, so that nobody else can get its id."""
        known = self._made.get(id(policy))
        if known is None:
            if len(self._made) >= _MOST:
                self._made.clear()
            known = self._made[id(policy)] = policy, Plan(policy, self._checks, self._first)
        return known[1]


@cache
def _plans(*, within: bool) -> Plans:
    """Of all checks there are."""
    return Plans(_inside(all_checks())) if within else Plans(all_checks(), (Limits,))


def _inside(checks: Mapping[str, type[Check]]) -> dict[str, type[Check]]:
    return {name: check for name, check in checks.items() if check.inside}


def plan_for(policy: Policy, checks: Mapping[str, type[Check]] | None, *, within: bool) -> Plan:
    """The plan for an upload, or for a file inside another.

    Args:
        policy: what is allowed.
        checks: to choose from; all if absent.
        within: only those that judge files within files, and no limits of uploads.
    """
    if checks is None:
        return _plans(within=within).of(policy)
    return Plan(policy, _inside(checks)) if within else Plan(policy, checks, (Limits,))
