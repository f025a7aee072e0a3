"""Bars minute by minute as SVG, with labels as text of the page, which no scaling makes illegible."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from sidecar.admin import words
from sidecar.admin.markup import Html, element

_WIDTH: Final = 10
"""Of one minute, in units of the drawing."""
_HEIGHT: Final = 100
_GAP: Final = 2
_LEAST: Final = 2.0
"""Height of what is not nothing: one refusal among thousands of uploads is to be seen."""
_STEPS: Final = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Kind:
    """One part of every bar."""

    name: str
    style: str
    """Class of the style sheet."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One minute: its words, and the values of each kind from the bottom up."""

    label: str
    values: tuple[int, ...]


def ceiling(value: int) -> int:
    """The least of 1, 2, 5, 10, 20, 50, ... that is not below a value."""
    power = 1
    while True:
        for step in _STEPS:
            if step * power >= value:
                return step * power
        power *= 10


def plot(title: str, kinds: Sequence[Kind], bars: Sequence[Bar], ends: tuple[str, str]) -> Html:
    """A figure: title, sums, bars, and what the left and the right end mean."""
    top = ceiling(max((sum(bar.values) for bar in bars), default=0))
    sums = [sum(bar.values[index] for bar in bars) for index in range(len(kinds))]
    legend = [
        element("li", element("i", class_=f"dot {kind.style}"), element("b", words.count(number)), f" {kind.name}")
        for kind, number in zip(kinds, sums, strict=True)
    ]
    told = ", ".join(f"{words.count(number)} {kind.name}" for kind, number in zip(kinds, sums, strict=True))
    return element(
        "figure",
        element("figcaption", title),
        element("ul", *legend, class_="legend"),
        element("div", element("span", words.count(top), class_="top"), _drawing(kinds, bars, top, f"{title}: {told}"),
                class_="bars"),
        element("div", *(element("span", end) for end in ends), class_="ends"),
    )  # fmt: skip


def _drawing(kinds: Sequence[Kind], bars: Sequence[Bar], top: int, told: str) -> Html:
    width = str(len(bars) * _WIDTH)
    lines = [
        element("line", x1="0", x2=width, y1=str(y), y2=str(y), class_="grid") for y in (0, _HEIGHT // 2, _HEIGHT)
    ]  # fmt: skip
    minutes = [minute for index, bar in enumerate(bars) for minute in _minute(index, bar, kinds, top)]
    return element(
        "svg", element("title", told), *lines, *minutes,
        viewBox=f"0 0 {width} {_HEIGHT}", preserveAspectRatio="none", role="img",
    )  # fmt: skip


def _minute(index: int, bar: Bar, kinds: Sequence[Kind], top: int) -> list[Html]:
    """The parts of one bar, and over all of its height something to point at."""
    if not any(bar.values):
        return []
    heights = [max(_LEAST, _HEIGHT * value / top) if value else 0.0 for value in bar.values]
    scale = min(1.0, _HEIGHT / sum(heights))
    left = index * _WIDTH
    rects = [
        _rect(left + _GAP / 2, _HEIGHT - scale * sum_, _WIDTH - _GAP, scale * height, kind.style)
        for height, sum_, kind in zip(heights, accumulate(heights), kinds, strict=True)
        if height
    ]
    told = ", ".join(f"{words.count(value)} {kind.name}" for value, kind in zip(bar.values, kinds, strict=True))
    return [element("g", element("title", f"{bar.label}: {told}"), *rects, _rect(left, 0, _WIDTH, _HEIGHT, "touch"))]


def _rect(x: float, y: float, width: float, height: float, style: str) -> Html:
    return element("rect", x=f"{x:g}", y=f"{y:.2f}", width=f"{width:g}", height=f"{height:.2f}", class_=style)


def level(share: float, style: str) -> Html:
    """A bar that is filled to a share."""
    filled = min(1.0, max(0.0, share)) * _HEIGHT
    rects = (_rect(0, 0, _HEIGHT, 4, "empty"), _rect(0, 0, filled, 4, style))
    return element("svg", *rects, viewBox=f"0 0 {_HEIGHT} 4", preserveAspectRatio="none", class_="level")
