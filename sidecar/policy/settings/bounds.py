"""What a change may do to the figures, so that a machine can tell whether it did: `refused_ratio < 0.5%`."""

import re
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Final

from sidecar.policy.values.kinds import after, characters


class Unit(Enum):
    """What a figure is measured in."""

    TIME = "seconds"
    SHARE = "share"
    NUMBER = "number"


class Against(Enum):
    """What the limit is."""

    VALUE = "value"
    """The figure itself, after the change."""
    CHANGE = "change"
    """What may be added to the figure before the change; of shares in percentage points."""
    FACTOR = "factor"
    """By what the figure before the change may be multiplied."""


_QUANTILES: Final = ("p50", "p95", "p99")
FIGURES: Final = {
    **dict.fromkeys(_QUANTILES, Unit.TIME),
    **{f"overhead_{name}": Unit.TIME for name in _QUANTILES},
    **{f"upstream_{name}": Unit.TIME for name in _QUANTILES},
    "error_ratio": Unit.SHARE,
    "refused_ratio": Unit.SHARE,
    "would_refuse_ratio": Unit.SHARE,
    "cache_hit_ratio": Unit.SHARE,
    "db_calls": Unit.NUMBER,
    "requests_per_second": Unit.NUMBER,
}
"""Every figure that a bound can name, and its unit."""
WHOLE: Final = frozenset({"cache_hit_ratio"})
"""Figures that no route has."""
MOST_BOUNDS: Final = 20
_FORM: Final = re.compile(
    r"(?P<figure>[a-z0-9_]{1,40})(?:\[(?P<route>[^\[\]]{1,200})\])?\s*(?P<operator><=|>=|<|>)"
    r"\s*(?P<sign>[+x-]?)(?P<number>[0-9]{1,9}(?:\.[0-9]{1,6})?)\s*(?P<unit>%|ms|s|)"
)
_UNITS: Final = {
    Unit.TIME: {"ms": 0.001, "s": 1.0},
    Unit.SHARE: {"%": 0.01},
    Unit.NUMBER: {"": 1.0},
}
_EXAMPLES: Final = "`refused_ratio < 0.5%`, `p99 < +50ms`, `p95[avatars] < 300ms` or `db_calls < x1.2`"


@dataclass(frozen=True, slots=True)
class Bound:
    """One limit; `limit` in seconds, as a share of one, as a number, or as a factor."""

    text: str
    figure: str
    route: str
    """Label of the route; empty for all of them together."""
    operator: str
    against: Against
    limit: float

    def met(self, value: float, limit: float) -> bool:
        """Whether a value keeps to a limit."""
        match self.operator:
            case "<":
                return value < limit
            case "<=":
                return value <= limit
            case ">":
                return value > limit
            case _:
                return value >= limit


def parse_bound(text: str) -> Bound:
    """The bound that a text states.

    Raises:
        ValueError: it states none; the message says what one looks like.
    """
    match = _FORM.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"expected a figure, <, <=, > or >=, and a limit, such as {_EXAMPLES}")
    figure, route, sign = match["figure"], match["route"] or "", match["sign"]
    if figure not in FIGURES:
        raise ValueError(f"expected one of the figures {', '.join(FIGURES)}")
    if route and figure in WHOLE:
        raise ValueError(f"expected {figure} without a route: it is not counted by route")
    scale = 1.0 if sign == "x" and not match["unit"] else _scale(FIGURES[figure], match["unit"], sign)
    against = Against.FACTOR if sign == "x" else Against.CHANGE if sign else Against.VALUE
    limit = float(match["number"]) * scale * (-1 if sign == "-" else 1)
    return Bound(text.strip(), figure, route, match["operator"], against, limit)


def _scale(unit: Unit, written: str, sign: str) -> float:
    fitting = _UNITS[unit]
    if sign == "x" or written not in fitting:
        wanted = "no unit" if sign == "x" or unit is Unit.NUMBER else " or ".join(fitting)
        raise ValueError(f"expected a limit with {wanted}, such as {_EXAMPLES}")
    return fitting[written]


def _bound(text: str) -> str:
    parse_bound(text)
    return text.strip()


BoundText = Annotated[str, characters(most=300), after(_bound)]
