"""The last uploads that were refused or would have been, remembered for the status page."""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from sidecar.inspection.file import FileRecord
from sidecar.policy.settings.model import Log
from sidecar.telemetry.outcome import Outcome
from sidecar.telemetry.outcome_event import actual_told, name_told

MOST: Final = 20
_LONGEST: Final = 200
"""Characters of a text that are kept; the page shows fewer."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One upload. What quotes a file name is empty where the log may not tell it."""

    at: float
    """Unix time."""
    request_id: str
    route: str
    status: int
    action: str
    """rejected, forwarded, monitored: found by a check that only counts, or broken_off: ended before its verdict."""
    code: str
    """Of the Reason that was found first, or of the one for which the sidecar answered."""
    title: str = ""
    actual: str = ""
    quotes: bool = False
    """Whether `actual` quotes a file name."""
    part: str = ""
    name: str = ""
    """File name as it was sent: nothing of it is escaped."""
    digest: str = ""
    """Of the file name, as the log has it."""
    others: int = 0
    """Findings besides the first."""


class Refusals:
    """A ring; each entry has a bounded size whatever was sent."""

    def __init__(self) -> None:
        self._ring: deque[Refusal] = deque(maxlen=MOST)

    def note(self, outcome: Outcome, settings: Log, now: float) -> None:
        """Remember an upload that was refused or broke a rule; one that nobody could examine and went on is none."""
        if outcome.action != "rejected" and all(finding.reason.not_examined for finding in outcome.findings):
            return
        entry = Refusal(now, outcome.request_id, outcome.route, outcome.status, "broken_off", outcome.error)
        entry = _with_name(entry, outcome.files, settings)
        self._ring.append(_with_finding(entry, outcome, settings) if outcome.findings else entry)

    def listed(self) -> list[dict[str, Any]]:
        """All of them, as JSON can say it."""
        return [asdict(entry) for entry in self._ring]


def newest(listed: Iterable[Iterable[Mapping[str, Any]]], settings: Log) -> list[Refusal]:
    """The newest of what several processes list, with no more of names than the settings allow by now."""
    found = (Refusal(**entry) for entries in listed for entry in entries)
    return [_allowed(entry, settings) for entry in sorted(found, key=lambda entry: entry.at, reverse=True)[:MOST]]


def _allowed(entry: Refusal, settings: Log) -> Refusal:
    if settings.names == "plain":
        return entry
    actual = "" if entry.quotes else entry.actual
    return replace(entry, name="", actual=actual, digest="" if settings.names == "off" else entry.digest)


def _with_finding(entry: Refusal, outcome: Outcome, settings: Log) -> Refusal:
    first = min(outcome.findings, key=lambda finding: (finding.monitored, finding.reason.not_examined))
    return replace(
        entry,
        action="monitored" if first.monitored else outcome.action,
        code=first.reason.code,
        title=first.reason.title,
        actual=actual_told(first, settings).get("actual", "")[:_LONGEST],
        quotes=first.quotes_names,
        part=(first.part or "")[:_LONGEST],
        others=len(outcome.findings) - 1,
    )


def _with_name(entry: Refusal, files: tuple[FileRecord, ...], settings: Log) -> Refusal:
    """The name of the file that a refusal cut short, or of the last one, as far as the log may tell it."""
    refused = next((file for file in files if not file.sha256), None) or next(reversed(files), None)
    if refused is None or not refused.filename:
        return entry
    told = name_told(refused.filename, settings)
    plain = refused.filename[:_LONGEST] if "name" in told else ""
    return replace(entry, name=plain, digest=told.get("name_sha256", ""))
