"""The inspection of one upload: events in, findings out, and the verdict at the end."""

import hashlib
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Final

from sidecar.inspection.check import Check
from sidecar.inspection.file import File, parted, record_of
from sidecar.inspection.finding import Finding
from sidecar.inspection.plan import Verbs, plan_for
from sidecar.inspection.reason import reason_of
from sidecar.inspection.types.content import HEAD_SIZE
from sidecar.inspection.types.signatures import settled_type
from sidecar.inspection.unexamined import CONTENT_TYPE_UNKNOWN
from sidecar.inspection.verdict import Verdict
from sidecar.multipart.events import Event, Part, PartBegin, PartData, PartEnd, SmallField
from sidecar.multipart.rules import MalformedError
from sidecar.policy.settings.model import Policy

MAX_FINDINGS: Final = 32
_NO_DIGEST: Final = hashlib.sha256()  # before the first file; a new one costs a microsecond and more

Keep = Callable[[File, bytes | memoryview], Finding | None]
"""Takes the bytes, in order, of a file that a check wants whole, unless something refuses that; on whichever thread."""


class Inspector:
    """Inspects one upload; monitor and enforce do the same up to the first finding that refuses.

    What arrives while a file waits for its `look` is kept until then: so the findings do not depend on how the bytes
    were cut. The caller gives the events of one chunk, then runs `look` if `wants_look`, then goes on.

    Attributes:
        files: those that have begun.
        failures: what checks and libmagic raised, for the log; at most MAX_FINDINGS.
        refusal: the finding that refuses the upload as far as it was inspected.
        wants_look: whether `look` has something to do.
    """

    def __init__(
        self,
        policy: Policy,
        identify: Callable[[bytes], str],
        *,
        stop_at_first: bool,
        checks: Mapping[str, type[Check]] | None = None,
        keep: Keep | None = None,
        within: bool = False,
    ) -> None:
        """Begin with nothing.

        Args:
            policy: what is allowed.
            identify: content type by the first bytes.
            stop_at_first: end the work at the first finding that refuses.
            checks: all if absent.
            keep: takes what must be examined whole; without it nothing is.
            within: for a file inside another.
        """
        self.failures: list[Exception] = []
        self._policy, self._identify, self._keep = policy, identify, keep
        self._stop_at_first = stop_at_first
        plan = self._plan = plan_for(policy, checks, within=within)
        self._checks, self._course = plan.checks(), plan.of_field
        self._monitored = plan.monitored
        self._most_files = max(1, policy.max_files) if within else policy.max_files
        self._findings: list[Finding] = []
        self.refusal: Finding | None = None
        self._stopped, self._parts = False, 0
        self.files: list[File] = []
        self._part: Part | None = None
        self._file: File | None = None
        self._looked = self.wants_look = False
        self._whole = bool(policy.scanners.use) and not within  # scanners see every file
        self._hash = _NO_DIGEST
        self._held: deque[Event | Finding] = deque()

    def receive(self, *events: Event | Finding) -> None:
        """Take what the parser says, or a finding that was made elsewhere; microseconds, on the event loop."""
        if not self._stopped:
            self._held.extend(events)
            self._go_on()

    def _go_on(self) -> None:
        """Act on what was received, up to where a file waits for its `look`."""
        held, acts = self._held, self._acts
        while held and not self.wants_look:
            event = held.popleft()
            if (act := acts.get(type(event))) is not None:
                act(self, event)

    def malformed(self, error: MalformedError) -> None:
        """Take the breach that ended the parsing of the body."""
        self.receive(Finding(reason_of(error.rule), error.actual))

    def look(self) -> None:
        """Run libmagic and what looks at heads; milliseconds, on a thread, while the event loop awaits it."""
        while self.wants_look:
            self._look_at_one()

    def look_at_settled(self) -> None:
        """Run `look` as far as no file needs libmagic; microseconds, on the event loop."""
        while self.wants_look and self._file is not None and (settled := settled_type(self._file.head)):
            self._look_at_one(settled)

    def _look_at_one(self, settled: str = "") -> None:
        self.wants_look = False
        self._examine(settled)
        self._go_on()

    def verdict(self) -> Verdict:
        """What was decided; looks first if the caller did not."""
        self.look()
        return Verdict(
            findings=tuple(self._findings),
            files=tuple(map(record_of, self.files)),
            parts=self._parts,
            forward_not_examined=self._policy.not_examined == "forward",
        )

    def _begin_part(self, event: PartBegin) -> None:
        part, self._file = event.part, None
        self._part, self._parts = part, self._parts + 1
        # Files over the limit are refused by their count: bounded memory comes before their records.
        holds_file = part.holds_file
        if holds_file and len(self.files) < self._most_files:
            self._file = File(part)
            self.files.append(self._file)
            self._hash = hashlib.sha256()
            self._looked = not (self._plan.look or (self._keep and self._plan.wants))
        self._course = self._plan.of_file if holds_file else self._plan.of_field
        self._ask(self._course.begin, part)

    def _take(self, event: PartData) -> None:
        data, file, rest = event.data, self._file, None
        if file is not None:
            if not self._looked:
                data, rest = parted(data, HEAD_SIZE - len(file.head))
                file.head += data
            file.size += len(data)
            self._hash.update(data)
            if (file.wanted_by or (self._whole and self._looked)) and self._keep is not None and not self._stopped:
                finding = self._keep(file, data)
                if finding is not None:
                    self._note(finding)
        self._ask(self._course.feed, self._part, data)
        if rest is not None:
            self._wait_for_look(PartData(rest))

    def _end_part(self, event: PartEnd) -> None:
        if self._file is not None and not self._looked:
            self._wait_for_look(event)
            return
        if self._file is not None:
            self._file.sha256 = self._hash.hexdigest()
        if self._course.end:
            self._ask(self._course.end, event.part, event.size)
        self._file = None

    def _take_field(self, event: SmallField) -> None:
        course, (part, data) = self._plan.of_field, event
        self._part, self._parts = part, self._parts + 1
        self._ask(course.begin, part)
        if data:
            self._ask(course.feed, part, data)
        if course.end:
            self._ask(course.end, part, len(data))

    def _wait_for_look(self, then: Event) -> None:
        if not self._stopped:
            self.wants_look = True
            self._held.appendleft(then)

    def _examine(self, settled: str) -> None:
        file, self._looked = self._file, True
        if file is not None:
            file.content_type = settled or self._identified(file)
            self._ask(self._plan.look, file)
            if self._keep is not None and not self._stopped:
                file.wanted_by = self._wanting(file)
                if (file.wanted_by or self._whole) and (finding := self._keep(file, file.head)) is not None:
                    self._note(finding)
            file.head = b""

    def _wanting(self, file: File) -> tuple[str, ...]:
        wanting = []
        for place, wants in self._plan.wants_of(file.head):
            check = self._checks[place]
            try:
                if wants(check, file):
                    wanting.append(check.name)
            except Exception as error:  # noqa: BLE001 - a bug in a check is a finding, not an outage
                self._note(self._failure(check.name, error).at(file.part.name))
        return tuple(wanting)

    def _identified(self, file: File) -> str:
        if not file.head:
            return ""
        try:
            return settled_type(file.head) or self._identify(file.head)
        except Exception as error:  # noqa: BLE001 - libmagic's failure is a finding, not an outage
            self._failed(error, "libmagic")
            self._note(Finding(CONTENT_TYPE_UNKNOWN, type(error).__name__).at(file.part.name))
            return ""

    def _ask(self, verbs: Verbs, *subject: object) -> None:
        checks = self._checks
        for place, verb in () if self._stopped else verbs:
            try:
                if not (findings := verb(checks[place], *subject)):
                    continue
                findings = tuple(findings)
            except Exception as error:  # noqa: BLE001 - a bug in a check is a finding, not an outage
                findings = (self._failure(checks[place].name, error),)
            for finding in findings:
                self._note(finding if self._part is None else finding.at(self._part.name))
            if self._stopped:
                return

    def _failure(self, name: str, error: Exception) -> Finding:
        self._failed(error, name)
        return self._monitored.failed(name, error)

    def _failed(self, error: Exception, who: str) -> None:
        if len(self.failures) < MAX_FINDINGS:
            error.add_note(f"raised by {who}")
            self.failures.append(error)

    def _note(self, finding: Finding) -> None:
        """Keep a finding; the first that refuses always, whatever else fills the list."""
        finding = self._monitored.mark(finding)
        if self._stopped or finding in self._findings:
            return
        forward = self._policy.not_examined == "forward"
        first = self.refusal is None and finding.refuses(forward_not_examined=forward)
        if len(self._findings) < MAX_FINDINGS:
            self._findings.append(finding)
        elif first:
            self._findings[-1] = finding
        if first:
            self.refusal = finding
        if first and self._stop_at_first:
            self._stopped, self.wants_look = True, False
            self._held.clear()

    _acts: ClassVar[Mapping[type, Callable[["Inspector", Any], None]]] = {
        SmallField: _take_field, PartBegin: _begin_part, PartData: _take, PartEnd: _end_part, Finding: _note,
    }  # fmt: skip
    """What each event leads to; the end of the body leads to nothing."""
