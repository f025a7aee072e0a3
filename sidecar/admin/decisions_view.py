"""What was decided, as tables of the status page."""

from typing import Final

from sidecar.admin import words
from sidecar.admin.markup import Html, Row, element, table
from sidecar.telemetry.labels import FINDING_ACTIONS
from sidecar.telemetry.totals import Totals

TOP: Final = 10
"""Reasons shown; /metrics has all."""

_VERDICTS: Final = {
    "clean": "nothing found",
    "bad": "broke a rule",
    "not_examined": "a check could not tell",
    "not_inspected": "mode off, gone early, too slow, or no room",
}
_ACTIONS: Final = ("forwarded", "rejected")


def uploads(totals: Totals) -> Html:
    """Uploads by verdict and action."""
    rows = [_upload_row(totals, verdict, meaning) for verdict, meaning in _VERDICTS.items()]
    told = "Since the start, over all routes. Forwarded: let through; requests tell whether the service took it."
    return table(("Verdict", "Meaning", "#forwarded", "#rejected"), rows, told)


def _upload_row(totals: Totals, verdict: str, meaning: str) -> Row:
    figures = [words.count(totals.uploads.get((verdict, action), 0)) for action in _ACTIONS]
    return (verdict.replace("_", " "), meaning, *figures)


def reasons(totals: Totals) -> Html:
    """The most frequent reasons; what was let through is what monitor mode would have refused."""
    codes = list(dict.fromkeys(code for code, _ in totals.reasons))[:TOP]
    if not codes:
        return element("p", "Nothing was found so far.", class_="soft")
    rows = [_reason_row(totals, code) for code in codes]
    return table(
        ("Reason", "#forwarded", "#rejected", "#monitored"), rows, "Findings since the start, most frequent first."
    )


def _reason_row(totals: Totals, code: str) -> Row:
    return (element("code", code), *(words.count(totals.reasons.get((code, action), 0)) for action in FINDING_ACTIONS))
