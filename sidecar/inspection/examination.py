"""The examination of one whole file, and of the files within it, by the checks that want to see it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Final

from sidecar.inspection.check import Check
from sidecar.inspection.examined import Examined, Node
from sidecar.inspection.file import File
from sidecar.inspection.finding import Finding, printable
from sidecar.inspection.formats.anatomy import Data
from sidecar.inspection.inspector import MAX_FINDINGS
from sidecar.inspection.limits import INSIDE_TOO_LARGE, INSIDE_TOO_MANY, in_words
from sidecar.inspection.plan import plan_for
from sidecar.inspection.rewrite import Rewrite
from sidecar.inspection.unexamined import INSIDE_TOO_DEEP
from sidecar.inspection.whole import Whole
from sidecar.inspection.within import Within, part_within, search
from sidecar.policy.settings.model import Policy

MOST_NODES: Final = 1000
"""Files in one tree; those beyond are judged, not listed."""
_PLACE: Final = 160
_NAME: Final = 80


class Examination:
    """One for each uploaded file; its budgets hold for everything within.

    It does no I/O and knows no limit of memory or time: the process that it runs in has these.

    Attributes:
        policy: what is allowed.
        identify: content type by the first bytes.
        checks: those that there are; None for the catalogue's.
        stopped: a finding has ended it.
    """

    def __init__(
        self,
        policy: Policy,
        identify: Callable[[bytes], str],
        clock: Callable[[], float],
        *,
        stop_at_first: bool,
        checks: Mapping[str, type[Check]] | None = None,
    ) -> None:
        """Nothing is examined yet.

        Args:
            policy: what is allowed.
            identify: content type by the first bytes.
            clock: seconds, for the tree.
            stop_at_first: end the work at the first finding that refuses.
            checks: those that there are; every check of the catalogue if absent.
        """
        self.policy = policy
        self.identify = identify
        self.stopped = False
        self.checks = checks
        self._plan = plan_for(policy, checks, within=False)
        self._clock = clock
        self._stop_at_first = stop_at_first
        self._findings: list[Finding] = []
        self._failures: list[str] = []
        self._refused = False
        self._files = self._bytes = self._nodes = 0
        self._monitored = self._plan.monitored
        self._counting = False
        self._rewrite: Rewrite | None = None

    def examine(self, file: File, data: Data) -> Examined:
        """See all of a file; once.

        Args:
            file: as the inspection left it, with the names of the checks that want it.
            data: its bytes.

        Raises:
            MemoryError: there was too little of it.
        """
        name = file.part.filename_as_sent or file.part.filename or b""
        root = Node(printable(name, _NAME), printable(file.content_type), file.size, file.sha256)
        self.run(file, data, (root,))
        return Examined(tuple(self._findings), tuple(self._failures), root, self._rewrite)

    def run(self, file: File, data: Data, nodes: tuple[Node, ...]) -> None:
        """Let every check that wants a file examine it.

        Args:
            file: uploaded, or found within another.
            data: its bytes.
            nodes: its own in the tree, behind those of the files that hold it.
        """
        depth = len(nodes) - 1
        if depth >= self.policy.inside.max_depth:
            self.note(Finding(INSIDE_TOO_DEEP, f"level {depth}"), file, nodes)
            return
        whole = Whole(
            data, lambda *found: self._inside(file, nodes, *found), depth, lambda *part: self._part(file, nodes, *part)
        )
        for check in self._plan.checks_of(file.wanted_by):
            if self.stopped:
                return
            began = self._clock()
            if check.name in self._monitored.names and not self._counting:
                self._count_only(check, file, whole, nodes)
            else:
                self._ask(check, file, whole, nodes)
                self._rewrite = whole.rewrite if depth == 0 else self._rewrite
            nodes[-1].checks.append((check.name, self._clock() - began))

    def _count_only(self, check: Check, file: File, whole: Whole, nodes: tuple[Node, ...]) -> None:
        """What such a check finds, also within the file, refuses nothing; nor does it use up the budgets of others."""
        budgets = self._files, self._bytes
        self._counting = True
        self._ask(check, file, whole, nodes)
        self._counting = self.stopped = False
        self._files, self._bytes = budgets

    def _ask(self, check: Check, file: File, whole: Whole, nodes: tuple[Node, ...]) -> None:
        try:
            for finding in check.examine(file, whole):
                self.note(finding, file, nodes)
                if self.stopped:
                    return
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 - a bug in a check is a finding, not an outage
            self.failed(check.name, error)
            self.note(self._monitored.failed(check.name, error), file, nodes)

    def _inside(
        self, holder: File, nodes: tuple[Node, ...], path: bytes, chunks: Iterable[bytes], *also: bytes
    ) -> tuple[Finding, ...]:
        """Judge a file within a file. Its findings are noted here already; they are given to the check all the same."""
        if self.stopped:
            return ()
        before = len(self._findings)
        self._files += 1
        if self._files > (most := self.policy.inside.max_files):
            self.exhaust(Finding(INSIDE_TOO_MANY, f"more than {most}", f"at most {most}"), holder, nodes)
        else:
            node = Node(printable(path, _NAME))
            self._list(node, nodes)
            within = Within(self, holder, path, (*nodes, node))
            within.judge(chunks)
            within.judge_names(also)
        return tuple(self._findings[before:])

    def _part(self, holder: File, nodes: tuple[Node, ...], path: bytes, chunks: Iterable[bytes]) -> tuple[Finding, ...]:
        """Search a part of a document, which counts for no budget here: whoever unpacks it counts."""
        before, part, node = len(self._findings), part_within(holder, path), Node(printable(path, _NAME))
        for finding in search(self._plan.checks_of(self._plan.parts), part, chunks):
            self._list(node, nodes)
            self.note(self._monitored.mark(finding), File(part), (*nodes, node))
            if self.stopped:
                break
        return tuple(self._findings[before:])

    def _list(self, node: Node, nodes: tuple[Node, ...]) -> None:
        """Show it in the tree, once."""
        if self._nodes < MOST_NODES and not any(node is known for known in nodes[-1].inside[-1:]):
            self._nodes += 1
            nodes[-1].inside.append(node)

    def count(self, size: int, of_file: int) -> Finding | None:
        """Take unpacked bytes from the budget.

        Args:
            size: bytes that were unpacked.
            of_file: bytes of the same file until now, these included.
        """
        self._bytes += size
        inside = self.policy.inside
        if of_file > inside.max_file:
            return Finding(INSIDE_TOO_LARGE, f"one file of more than {in_words(inside.max_file)}")
        if self._bytes > inside.max_bytes:
            return Finding(INSIDE_TOO_LARGE, f"more than {in_words(inside.max_bytes)} in all")
        return None

    def exhaust(self, finding: Finding, file: File, nodes: tuple[Node, ...]) -> None:
        """A budget is used up: nothing more is examined."""
        self.note(finding, file, nodes)
        self.stopped = True

    def note(self, finding: Finding, file: File, nodes: tuple[Node, ...]) -> None:
        """Keep a finding about the last of the nodes, and tell where it was made."""
        if self.stopped or any(finding is known for known in self._findings):
            return
        nodes[-1].findings.append(finding.reason.code)
        finding = replace(_placed(finding, file, nodes), monitored=finding.monitored or self._counting)
        finding = self._monitored.mark(finding)
        refuses = finding.refuses(forward_not_examined=self.policy.not_examined == "forward")
        if finding not in self._findings:
            self._keep(finding, refuses=refuses)
        self.stopped = refuses and self._stop_at_first

    def _keep(self, finding: Finding, *, refuses: bool) -> None:
        """The first that refuses always, whatever else fills the list."""
        if len(self._findings) < MAX_FINDINGS:
            self._findings.append(finding)
        elif refuses and not self._refused:
            self._findings[-1] = finding
        self._refused = self._refused or refuses

    def failed(self, who: str, error: Exception) -> None:
        """Keep what a check raised."""
        if len(self._failures) < MAX_FINDINGS:
            self._failures.append(printable(f"{who}: {type(error).__name__}: {error}", 400))


def _placed(finding: Finding, file: File, nodes: tuple[Node, ...]) -> Finding:
    """A finding with its place: the form field as its part, and the path through the files before what was seen."""
    if len(nodes) == 1:
        return finding.at(file.part.name)
    place = " > ".join(node.name for node in nodes)
    if len(place) > _PLACE:
        place = f"{place[: _PLACE // 2]}...{place[-_PLACE // 2 :]}"
    actual = f"{place}: {finding.actual}" if finding.actual else place
    return replace(finding, actual=actual, part=printable(file.part.name), within=True)
