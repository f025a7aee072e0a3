"""The sums that the status page shows, of one process or of several."""

from collections import Counter as Tally
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from sidecar.telemetry.families import PREFIX
from sidecar.telemetry.snapshot import Snapshot

_SEEN: Final = frozenset({"clean", "bad"})
"""Results of a scan in which an engine saw the file."""


@dataclass(frozen=True, slots=True)
class ScannerTotals:
    """One engine: whether it works, and what it said since the start."""

    name: str
    up: bool
    signed: float
    """Unix time of its signatures; 0 where it does not tell."""
    scans: dict[str, int]

    @property
    def unseen(self) -> int:
        """Files that it was asked about and nobody has seen."""
        return sum(number for result, number in self.scans.items() if result not in {*_SEEN, "cached"})


@dataclass(frozen=True, slots=True)
class Totals:
    """What was counted since the start, over all routes."""

    uploads: dict[tuple[str, str], int]
    """Uploads by verdict and action."""
    reasons: dict[tuple[str, str], int]
    """Findings by reason and action, only those that happened, most frequent first."""
    answers: dict[str, int] = field(default_factory=dict)
    """Requests by the status that the client got."""
    scanners: tuple[ScannerTotals, ...] = ()
    failures: dict[str, int] = field(default_factory=dict)
    """Exchanges that failed because of the service by reason, only those that happened, most frequent first."""
    turned_away: dict[str, int] = field(default_factory=dict)
    """Connections and uploads for which there was no room, as the failures are told."""
    lost: dict[str, int] = field(default_factory=dict)
    """Lines that nobody could write: of `log` and of `audit`, only where there are any."""
    certificates: dict[str, float] = field(default_factory=dict)
    """When those in use expire, as Unix time, by the settings that name them."""


def totals(figures: Snapshot) -> Totals:
    """The sums of some figures."""
    uploads = _tally(figures, "uploads", "verdict", "action")
    reasons = _tally(figures, "findings", "reason", "action")
    answers = {code: number for (code, _), number in _tally(figures, "requests", "code", "").items()}
    lost = {"log": _sum(figures, "log_lines_dropped"), "audit": _sum(figures, "audit_records_dropped")}
    return Totals(
        dict(uploads),
        {key: value for key, value in reasons.most_common() if value},
        answers,
        tuple(_scanners(figures)),
        _by_reason(figures, "upstream_errors"),
        _by_reason(figures, "requests_shed"),
        {where: number for where, number in lost.items() if number},
        {
            name: float(end)
            for (name, _), end in _tally(figures, "certificate_expires_timestamp_seconds", "setting", "").items()
        },
    )


def _by_reason(figures: Snapshot, family: str) -> dict[str, int]:
    """Only what happened, most frequent first."""
    return {reason: number for (reason, _), number in _tally(figures, family, "reason", "").most_common() if number}


def _sum(figures: Snapshot, family: str) -> int:
    return _tally(figures, family, "", "").total()


def _scanners(figures: Snapshot) -> Iterator[ScannerTotals]:
    scans = _tally(figures, "scans", "engine", "result")
    signed = _tally(figures, "scanner_signature_timestamp_seconds", "engine", "")
    for (name, _), up in sorted(_tally(figures, "scanner_up", "engine", "").items()):
        said = {result: number for (engine, result), number in scans.items() if engine == name and number}
        yield ScannerTotals(name, bool(up), float(signed.get((name, ""), 0)), said)


def _tally(figures: Snapshot, family: str, first: str, second: str) -> Tally[tuple[str, str]]:
    """Sums of a family over all labels but two."""
    sums: Tally[tuple[str, str]] = Tally()
    found = figures.get(f"{PREFIX}_{family}")
    for (_, pairs), value in (found.values if found else {}).items():
        labels = dict(pairs)
        sums[labels.get(first, ""), labels.get(second, "")] += int(value)
    return sums
