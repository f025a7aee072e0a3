"""A Verdict: what was decided about one upload, and what it rests on."""

from typing import NamedTuple

from sidecar.inspection.file import FileRecord
from sidecar.inspection.finding import Finding


class Verdict(NamedTuple):
    """The judgement of one upload."""

    findings: tuple[Finding, ...] = ()
    """In the order they were made; the first that refuses is the one the client reads."""
    files: tuple[FileRecord, ...] = ()
    parts: int = 0
    forward_not_examined: bool = False
    """The policy lets in what could not be examined."""

    @property
    def refusal(self) -> Finding | None:
        """The finding that refuses the upload, None where it is accepted."""
        return next(iter(self.refusals), None)

    @property
    def refusals(self) -> tuple[Finding, ...]:
        """All findings that refuse it."""
        forward = self.forward_not_examined
        return tuple(finding for finding in self.findings if finding.refuses(forward_not_examined=forward))

    @property
    def accepted(self) -> bool:
        """Whether the upload may go on."""
        return self.refusal is None

    @property
    def label(self) -> str:
        """`clean`, `bad` or `not_examined`: the label in metrics and logs."""
        if any(not finding.reason.not_examined for finding in self.findings):
            return "bad"
        return "not_examined" if self.findings else "clean"
