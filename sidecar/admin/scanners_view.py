"""The scanners, as a table of the status page."""

from collections.abc import Sequence

from sidecar.admin import words
from sidecar.admin.markup import Html, Row, element, table
from sidecar.telemetry.totals import ScannerTotals


def scanners(found: Sequence[ScannerTotals], now: float) -> Html:
    """Whether each works, how old its signatures are, and what it said."""
    rows = [_row(one, now) for one in found]
    head = ("Scanner", "State", "Signatures", "#clean", "#bad", "#not examined")
    return table(head, rows, "Works: it tells the EICAR test file from a clean one. Scans since the start.")


def _row(one: ScannerTotals, now: float) -> Row:
    state = element("span", "works" if one.up else "down", class_=f"badge {'good' if one.up else 'bad'}")
    age = f"{words.period(now - one.signed)} old" if one.signed else "not told"
    clean, bad = (words.count(one.scans.get(result, 0)) for result in ("clean", "bad"))
    return (one.name, state, age, clean, bad, words.count(one.unseen))
