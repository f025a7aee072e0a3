"""Figures in the words of people: `43 ms`, `0.5 %`, `12.3`."""

import math
from collections.abc import Iterator
from typing import Final

from sidecar.cli.comparison.baseline import Baseline
from sidecar.cli.comparison.noise import Estimate
from sidecar.inspection.finding import printable
from sidecar.policy.settings.bounds import FIGURES, Unit

NOTHING: Final = "-"
_SECOND: Final = 1.0
TITLES: Final = {
    "requests_per_second": "Requests per second",
    "error_ratio": "Errors (5xx)",
    "refused_ratio": "Uploads refused",
    "would_refuse_ratio": "Uploads that enforce would refuse",
    "cache_hit_ratio": "Cache hits",
    "db_calls": "Database calls per answer",
    **{name: f"Response time {name}" for name in ("p50", "p95", "p99")},
    **{f"overhead_{name}": f"Overhead {name}" for name in ("p50", "p95", "p99")},
    **{f"upstream_{name}": f"Service's time {name}" for name in ("p50", "p95", "p99")},
}
"""Figures as a reader calls them, in the order in which they are told."""


def value(number: float, unit: Unit, *, sign: bool = False) -> str:
    """A figure with its unit and three digits; a change with its sign, of shares in percentage points."""
    plus = "+" if sign and number >= 0 else ""
    if math.isinf(number):
        return "more than the histogram can tell"
    match unit:
        case Unit.TIME if abs(number) < _SECOND:
            return f"{plus}{_three(number * 1000)} ms"
        case Unit.TIME:
            return f"{plus}{_three(number)} s"
        case Unit.SHARE:
            return f"{plus}{_three(number * 100)} {'points' if sign else '%'}"
        case _:
            return f"{plus}{_three(number)}"


def _three(number: float) -> str:
    if not number:
        return "0"
    digits = max(0, 2 - math.floor(math.log10(abs(number))))
    text = f"{number:,.{min(digits, 4)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def figure(name: str, estimate: Estimate | None) -> str:
    """A figure of `FIGURES`."""
    return NOTHING if estimate is None else value(estimate.value, FIGURES[name])


def count(number: float) -> str:
    """How many; `increase` of Prometheus gives fractions."""
    return f"{round(number):,}"


def summary(baseline: Baseline, path: str) -> Iterator[str]:
    """A baseline in some lines, for a terminal."""
    window = baseline.window()
    figures = window.figures()
    requests, uploads = window.total("requests_total"), window.total("uploads_total")
    yield f"{path}: {baseline.seconds:.0f} s of {printable(baseline.source, 200)}"
    yield f"  {'Requests':36}{count(requests)}, uploads {count(uploads)}"
    for name, title in TITLES.items():
        found = figures.get((name, ""))
        if found is not None:
            limits = f"{value(found.low, FIGURES[name])} to {value(found.high, FIGURES[name])}"
            few = "" if found.enough else "; too few to tell"
            yield f"  {title:36}{figure(name, found):>10}   ({limits}{few})"
    if not requests:
        yield "  No requests were seen: this is no baseline. Look for longer, or while there is traffic."
