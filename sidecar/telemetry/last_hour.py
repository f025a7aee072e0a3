"""The last hour, minute by minute, made of sums that only grow: counting costs a request nothing more."""

from collections import deque
from dataclasses import astuple, dataclass
from typing import Final

from sidecar.telemetry.labels import code_label, is_refusal
from sidecar.telemetry.totals import Totals

MINUTES: Final = 60
_MINUTE: Final = 60
_SERVER_ERROR: Final = "5"


@dataclass(frozen=True, slots=True)
class Sums:
    """What is drawn; over some time, or since the start."""

    good: int = 0
    """Uploads that were let through, and nothing was found that would have refused them."""
    let_in: int = 0
    """Uploads that were let through though they broke a rule: enforce would have refused them."""
    refused: int = 0
    broken_off: int = 0
    """Uploads that ended before their verdict: their clients left or were too slow, or there was no room."""
    requests: int = 0
    failed: int = 0
    """Answers of the class 5xx, those of the sidecar among them."""
    unanswered: int = 0
    """Requests whose client left before there was an answer."""
    turned_away: int = 0
    """Connections and uploads for which there was no room."""
    lost: int = 0
    """Lines of log and audit log that nobody could write."""
    service_failed: int = 0
    """Exchanges that failed because of the service."""

    @property
    def answered(self) -> int:
        """Requests with an answer of any other class."""
        return self.requests - self.failed - self.unanswered

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(*(one + two for one, two in zip(self.values, other.values, strict=True)))

    def since(self, before: "Sums") -> "Sums":
        """What came on top; nothing is less than nothing."""
        return Sums(*(max(0, now - then) for now, then in zip(self.values, before.values, strict=True)))

    @property
    def values(self) -> tuple[int, ...]:
        """All of them, in order."""
        return astuple(self)


def sums(totals: Totals) -> Sums:
    """What is drawn of the sums since the start."""
    forwarded = {verdict: number for (verdict, action), number in totals.uploads.items() if action == "forwarded"}
    let_in = forwarded.get("bad", 0)
    rejected = sum(number for (_, action), number in totals.uploads.items() if action == "rejected")
    refused = sum(number for key, number in totals.uploads.items() if is_refusal(*key))
    return Sums(
        good=sum(forwarded.values()) - let_in,
        let_in=let_in,
        refused=refused,
        broken_off=rejected - refused,
        requests=sum(totals.answers.values()),
        failed=sum(number for code, number in totals.answers.items() if code.startswith(_SERVER_ERROR)),
        unanswered=totals.answers.get(code_label(0), 0),
        turned_away=sum(totals.turned_away.values()),
        lost=sum(totals.lost.values()),
        service_failed=sum(totals.failures.values()),
    )


class LastHour:
    """What came on top in each of the last minutes; `note` is called once in each, and whenever somebody looks."""

    def __init__(self) -> None:
        self._minutes: deque[tuple[int, Sums]] = deque(maxlen=MINUTES + 1)
        self._last = Sums()
        self._noted = 0.0

    def note(self, now: float, so_far: Sums) -> None:
        """The sums at a moment (Unix time); what came on top belongs to the minute of the look before it."""
        minute = int((self._noted or now) // _MINUTE)
        added = so_far.since(self._last)
        if self._minutes and self._minutes[-1][0] == minute:
            added += self._minutes.pop()[1]
        self._minutes.append((minute, added))
        self._last, self._noted = so_far, now

    def minutes(self, now: float) -> list[tuple[float, Sums]]:
        """Sixty minutes, the present one last, each with the Unix time of its beginning."""
        last = int(now // _MINUTE)
        known = dict(self._minutes)
        return [(minute * _MINUTE, known.get(minute, Sums())) for minute in range(last - MINUTES + 1, last + 1)]
