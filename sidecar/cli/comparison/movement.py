"""Figures that moved, that did not, and of which nobody can tell, as sections of the change note."""

from collections.abc import Iterator, Sequence
from typing import Final

from sidecar.cli.comparison.markdown import table, text
from sidecar.cli.comparison.moved import Row
from sidecar.cli.comparison.noise import Word
from sidecar.cli.comparison.told import NOTHING, count, value

MOST: Final = 40
"""Rows of one table."""
_OTHER_WORDS: Final = {
    "Within noise": Word.NOISE,
    "Too few requests to tell": Word.FEW,
    "Nothing to compare with": Word.NONE,
}
_HOW: Final = (
    "Limits are at 99 %: of a hundred figures of equal traffic one may seem to move. They take requests as "
    "independent, and tell nothing of another hour, another day or other clients. Percentiles are interpolated within "
    "the buckets of a histogram."
)


def movements(title: str, first: str, rows: Sequence[Row]) -> Iterator[str]:
    """One section; nothing where there are no rows and it is not the main one."""
    if not rows and first != "Figure":
        return
    yield f"## {title}"
    yield ""
    if first == "Figure":
        yield _HOW
        yield ""
    told = [row for row in rows if row.word is Word.MOVED]
    yield from _table(first, told) if told else ("Nothing moved beyond noise.", "")
    for title_, word in _OTHER_WORDS.items():
        yield from _rest(title_, first, [row for row in rows if row.word is word])


def _rest(title: str, first: str, rows: Sequence[Row]) -> Iterator[str]:
    shown = [row for row in rows if not row.route or first == "Reason"]
    if rows:
        yield f"{title}" + (f", and {len(rows) - len(shown)} more by route:" if len(shown) < len(rows) else ":")
        yield ""
    if shown:
        yield from _table(first, shown)


def _table(first: str, rows: Sequence[Row]) -> Iterator[str]:
    head = (
        first,
        "Action" if first == "Reason" else "Route",
        "#Before",
        "#After",
        "#Change",
        "Really between",
        "#Cases",
    )
    wide = any(row.route for row in rows)
    cells = [_cells(row, first) for row in rows[:MOST]]
    yield from table(head if wide else (head[0], *head[2:]), cells if wide else [(row[0], *row[2:]) for row in cells])
    if len(rows) > MOST:
        yield f"And {len(rows) - MOST} more."
        yield ""


def _cells(row: Row, first: str) -> tuple[str, ...]:
    before, after = (NOTHING if one is None else value(one.value, row.unit) for one in (row.before, row.after))
    cases = " / ".join(NOTHING if one is None else count(one.cases) for one in (row.before, row.after))
    moved, limits = NOTHING, NOTHING
    if row.change is not None:
        moved = value(row.change.value, row.unit, sign=True)
        limits = f"{value(row.change.low, row.unit, sign=True)} and {value(row.change.high, row.unit, sign=True)}"
    return text(row.title), text(row.route or ("all" if first == "Figure" else "")), before, after, moved, limits, cases
