"""Whether the bounds of a change were kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from sidecar.cli.comparison.figures import Figures
from sidecar.cli.comparison.noise import Estimate
from sidecar.cli.comparison.told import figure, value
from sidecar.policy.settings.bounds import FIGURES, Against, Bound, parse_bound


class Word(Enum):
    """What became of a bound."""

    MET = "met"
    MISSED = "missed"
    UNKNOWN = "cannot tell"


@dataclass(frozen=True, slots=True)
class Judgement:
    """One bound, and what can be said of it."""

    bound: Bound
    before: str
    after: str
    word: Word
    why: str = ""


def judge(bounds: Sequence[str], before: Figures, after: Figures) -> list[Judgement]:
    """Every bound; what cannot be told is no success.

    Raises:
        ValueError: a text is no bound.
    """
    return [_judge(parse_bound(text), before, after) for text in bounds]


def passed(judgements: Sequence[Judgement]) -> bool:
    """Whether all were met."""
    return all(one.word is Word.MET for one in judgements)


def _judge(bound: Bound, before: Figures, after: Figures) -> Judgement:
    key = bound.figure, bound.route
    old, new = before.get(key), after.get(key)
    texts = figure(bound.figure, old), figure(bound.figure, new)
    if new is None:
        return Judgement(bound, *texts, Word.UNKNOWN, _missing(bound, "after"))
    if bound.against is not Against.VALUE and old is None:
        return Judgement(bound, *texts, Word.UNKNOWN, _missing(bound, "before"))
    limit = _limit(bound, old)
    word = Word.MET if bound.met(new.value, limit) else Word.MISSED
    enough = new.enough and (bound.against is Against.VALUE or old is None or old.enough)
    if not enough and not _sure(bound, old, new):
        return Judgement(bound, *texts, Word.UNKNOWN, f"{word.value} as it looks, but too few requests to tell")
    return Judgement(bound, *texts, word, _doubt(bound, old, new, limit))


def _missing(bound: Bound, when: str) -> str:
    route = f" on the route {bound.route}" if bound.route else ""
    return f"nothing was counted {when} the change{route}"


def _limit(bound: Bound, old: Estimate | None, *, edge: str = "value") -> float:
    """What the figure after the change is held against."""
    if bound.against is Against.VALUE or old is None:
        return bound.limit
    before: float = getattr(old, edge)
    return before + bound.limit if bound.against is Against.CHANGE else before * bound.limit


def _sure(bound: Bound, old: Estimate | None, new: Estimate) -> bool:
    """Whether the verdict is the same wherever the real figures lie between their limits."""
    limits = [_limit(bound, old, edge=edge) for edge in ("low", "high")]
    return len({bound.met(value_, limit) for value_ in (new.low, new.high) for limit in limits}) == 1


def _doubt(bound: Bound, old: Estimate | None, new: Estimate, limit: float) -> str:
    """The honest word beside a verdict."""
    unit = FIGURES[bound.figure]
    if not _sure(bound, old, new):
        told = f"within noise: the real one lies between {value(new.low, unit)} and {value(new.high, unit)}"
        if bound.against is Against.VALUE or old is None:
            return told
        return f"{told}, before between {value(old.low, unit)} and {value(old.high, unit)}"
    if new.within is not None and new.within[0] < limit < new.within[1]:
        low, high = (value(edge, unit) for edge in new.within)
        return f"the histogram knows only that it lies between {low} and {high}"
    return ""
