"""Compares what became of recorded uploads with what would become of them under a configuration."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Final

from sidecar.inspection.recorded import Judge, Judgement
from sidecar.policy.routing.router import Match, Router
from sidecar.policy.settings.model import Config, Mode
from sidecar.proxy.control.known_lists import list_paths
from sidecar.scanners.recorded import as_now
from sidecar.telemetry.audit_read import Line

OTHER: Final = "other"
"""Stands for reasons that this version does not have."""
_ROOT: Final = "/"


class Fate(StrEnum):
    """What becomes of an upload."""

    LET_IN = "let in"
    COUNTED = "counted"
    """Forwarded, and counted as one that enforce would refuse."""
    REFUSED = "refused"
    NOT_INSPECTED = "not inspected"
    NOT_KNOWN = "not known"
    """What refused it does not hold any more, and what the line does not tell was never looked at."""


_TELLING: Final = frozenset({Fate.REFUSED, Fate.COUNTED})


@dataclass(frozen=True, slots=True)
class Change:
    """Uploads that are treated otherwise, and why."""

    route: str
    then: Fate
    now: Fate
    reason: str
    """Code of the reason that holds now; of the one that held then where none does."""


@dataclass(slots=True)
class OfRoute:
    """One route of the configuration."""

    policy: str
    mode: str
    enforce_percent: float
    uploads: int = 0
    then: Counter[Fate] = field(default_factory=Counter)
    now: Counter[Fate] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    """Why what would become of an upload is not known."""


@dataclass(slots=True)
class Comparison:
    """All of it, bounded by the configuration and the table of reasons."""

    uploads: int = 0
    failed: int = 0
    """Uploads that ended for another reason than a finding: no room, a service that was down."""
    first: str = ""
    last: str = ""
    without_path: int = 0
    same_policy: int = 0
    """Uploads that were judged by the very policy that would judge them now."""
    changes: Counter[Change] = field(default_factory=Counter)
    examples: dict[Change, str] = field(default_factory=dict)
    """The id of one request for each."""
    routes: dict[str, OfRoute] = field(default_factory=dict)

    @property
    def changed(self) -> int:
        """Uploads that are treated otherwise."""
        return self.changes.total()


class Comparer:
    """Takes lines; routes and judges each anew."""

    def __init__(self, config: Config, codes: Iterable[str]) -> None:
        self._router = Router(config)
        self._codes = frozenset(codes)
        self._judges: dict[str, Judge] = {}
        self._anew: set[str] = set()
        self._with_lists: set[str] = set()  # policies that read lists of files, which change without them
        self.comparison = Comparison()

    def take(self, line: Line) -> None:
        """Compare one upload."""
        result = self.comparison
        result.first, result.last = min(result.first or line.ts, line.ts), max(result.last, line.ts)
        result.uploads += 1
        then = _then(line)
        if then is None:
            result.failed += 1
            return
        match = self._match(line)
        judgement = self._judged(line, match)
        now = _now(judgement, match.mode)
        route = result.routes.get(match.label) or self._route(match)
        route.uploads += 1
        route.then[then] += 1
        route.now[now] += 1
        if now is Fate.NOT_KNOWN:
            route.unknown[judgement.unknown] += 1
        if then is not now and (now is not Fate.NOT_KNOWN or then in _TELLING):
            self._changed(Change(match.label, then, now, self._reason(line, judgement)), line)

    def judges(self) -> dict[str, Judge]:
        """By the names of the policies, those that had something to judge anew."""
        return {name: judge for name, judge in self._judges.items() if name in self._anew}

    def _match(self, line: Line) -> Match:
        if line.path is None:
            self.comparison.without_path += 1
        path = line.path if line.path is not None else next(iter(line.prefixes), _ROOT)
        return self._router.match(line.method, path.encode("latin-1", "replace"))

    def _judged(self, line: Line, match: Match) -> Judgement:
        judge = self._judge_of(match)
        if line.policy_sha256 == match.policy_digest and match.policy_name not in self._with_lists:
            self.comparison.same_policy += 1
            return judge.as_found(line.upload)
        self._anew.add(match.policy_name)
        return judge.judge(line.upload)

    def _judge_of(self, match: Match) -> Judge:
        judge = self._judges.get(match.policy_name)
        if judge is None:
            scanning = match.policy.scanners
            judge = self._judges[match.policy_name] = Judge(match.policy, now=lambda each: as_now(each, scanning))
            if any(list_paths(match.policy)):
                self._with_lists.add(match.policy_name)
        return judge

    def _route(self, match: Match) -> OfRoute:
        route = OfRoute(match.policy_name, match.mode.value, match.enforce_percent)
        return self.comparison.routes.setdefault(match.label, route)

    def _reason(self, line: Line, judgement: Judgement) -> str:
        finding = judgement.refusal
        if finding is None:
            found = zip(line.upload.findings, line.refuses, strict=True)
            finding = next((each for each, refuses in found if refuses), None)
        code = "" if finding is None else finding.reason.code
        return code if code in self._codes or not code else OTHER

    def _changed(self, change: Change, line: Line) -> None:
        self.comparison.changes[change] += 1
        self.comparison.examples.setdefault(change, line.request_id)


def _then(line: Line) -> Fate | None:
    """What became of it; None where something else than its inspection ended it."""
    refuses = any(line.refuses)
    if line.action == "rejected":
        return Fate.REFUSED if refuses else None
    if line.action != "forwarded":
        return None
    if line.verdict == "not_inspected":
        return Fate.NOT_INSPECTED
    return Fate.COUNTED if refuses and line.mode == Mode.MONITOR else Fate.LET_IN


def _now(judgement: Judgement, mode: Mode) -> Fate:
    if mode is Mode.OFF:
        return Fate.NOT_INSPECTED
    if judgement.refusal is not None:
        return Fate.REFUSED if mode is Mode.ENFORCE else Fate.COUNTED
    return Fate.NOT_KNOWN if judgement.unknown else Fate.LET_IN


@cache
def words_of(unknown: str) -> str:
    """Why something is not known, for people."""
    return {
        "rest_not_seen": "its inspection ended before the end of the upload",
        "parts_not_listed": "it had more parts than a line lists",
        "type_not_recorded": "no check had asked for the type of a file",
    }.get(unknown, unknown)
