"""Which figures moved between two windows, by how much, and what noise alone could have done."""

from collections.abc import Iterator
from dataclasses import dataclass

from sidecar.cli.comparison.figures import Figures, Window
from sidecar.cli.comparison.noise import Change, Estimate, Word, change, share
from sidecar.cli.comparison.told import TITLES
from sidecar.policy.settings.bounds import FIGURES, Unit


@dataclass(frozen=True, slots=True)
class Row:
    """One figure before and after."""

    title: str
    route: str
    unit: Unit
    before: Estimate | None
    after: Estimate | None
    change: Change | None

    @property
    def word(self) -> Word:
        """What can be said of it."""
        return Word.NONE if self.change is None else self.change.word


def rows(before: Figures, after: Figures) -> Iterator[Row]:
    """Every figure that one of both has: of all routes together first, then by route."""
    routes = sorted({route for _, route in (*before, *after)})
    for route in routes:
        for name, title in TITLES.items():
            old, new = before.get((name, route)), after.get((name, route))
            if old is not None or new is not None:
                yield Row(title, route, FIGURES[name], old, new, change(old, new))


def reasons(before: Window, after: Window) -> Iterator[Row]:
    """Findings by reason and action, as a share of the uploads."""
    old, new = before.reasons(), after.reasons()
    uploads = before.total("uploads_total"), after.total("uploads_total")
    for reason, action in sorted({*old, *new}, key=lambda key: (-max(old.get(key, 0), new.get(key, 0)), key)):
        one, other = (
            share(found.get((reason, action), 0), all_) for found, all_ in zip((old, new), uploads, strict=True)
        )
        yield Row(reason, action, Unit.SHARE, one, other, change(one, other))


def counts(before: Window, after: Window, name: str, label: str, whole: str) -> Iterator[Row]:
    """A counter by one label, as a share of another."""
    old, new = before.counted(name, label), after.counted(name, label)
    totals = before.total(whole), after.total(whole)
    for key in sorted({*old, *new}):
        one, other = (share(found.get(key, 0.0), total) for found, total in zip((old, new), totals, strict=True))
        yield Row(key, "", Unit.SHARE, one, other, change(one, other))
