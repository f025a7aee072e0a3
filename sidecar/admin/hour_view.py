"""The last hour as plots of the status page."""

from collections.abc import Callable, Sequence
from typing import Final

from sidecar.admin import words
from sidecar.admin.markup import Html, element
from sidecar.admin.plot import Bar, Kind, plot
from sidecar.telemetry.last_hour import Sums

Minutes = Sequence[tuple[float, Sums]]
_GOOD: Final = Kind("let through", "calm")
_LET_IN: Final = Kind("would be refused", "warn")
_REFUSED: Final = Kind("refused", "bad")
_BROKEN_OFF: Final = Kind("broken off", "none")
_ANSWERED: Final = Kind("answered", "calm")
_UNANSWERED: Final = Kind("left unanswered", "warn")
_FAILED: Final = Kind("failed (5xx)", "bad")


def hour(minutes: Minutes) -> Html:
    """Uploads, what of them was refused at a scale of its own, and all requests."""
    ends = (words.time_of_day(minutes[0][0]), f"{words.time_of_day(minutes[-1][0])} UTC") if minutes else ("", "")
    return element(
        "div",
        plot("Uploads a minute", (_GOOD, _LET_IN, _REFUSED, _BROKEN_OFF),
             _bars(minutes, lambda sums: (sums.good, sums.let_in, sums.refused, sums.broken_off)), ends),
        plot("Refusals a minute", (_LET_IN, _REFUSED), _bars(minutes, lambda sums: (sums.let_in, sums.refused)), ends),
        plot("Requests a minute", (_ANSWERED, _UNANSWERED, _FAILED),
             _bars(minutes, lambda sums: (sums.answered, sums.unanswered, sums.failed)), ends),
        class_="plots",
    )  # fmt: skip


def _bars(minutes: Minutes, values: Callable[[Sums], tuple[int, ...]]) -> list[Bar]:
    return [Bar(f"{words.time_of_day(at)} UTC", values(sums)) for at, sums in minutes]
