"""A plot of a few lines as SVG, both axes logarithmic; legible on light and dark pages."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 400, 70, 20, 40, 50
FONT = 'font-family="sans-serif" font-size="12" fill="#777"'
COLOURS = ("#4e79a7", "#e15759", "#59a14f", "#b07aa1")


@dataclass(frozen=True)
class Line:
    """One line and its name in the legend."""

    name: str
    points: Sequence[tuple[float, float]]


class Axis:
    """From figures to places, by powers of ten."""

    def __init__(self, values: Sequence[float], start: float, end: float) -> None:
        self.low = math.floor(math.log10(min(values)))
        self.high = max(self.low + 1, math.ceil(math.log10(max(values))))
        self._start, self._end = start, end

    def at(self, value: float) -> float:
        """Where a figure stands."""
        share = (math.log10(value) - self.low) / (self.high - self.low)
        return round(self._start + share * (self._end - self._start), 1)

    @property
    def ticks(self) -> list[float]:
        """The powers of ten."""
        return [10.0**power for power in range(self.low, self.high + 1)]


def plot(title: str, x_label: str, y_label: str, lines: Sequence[Line]) -> str:
    """The whole picture."""
    x = Axis([x for line in lines for x, _ in line.points], LEFT, WIDTH - RIGHT)
    y = Axis([y for line in lines for _, y in line.points], HEIGHT - BOTTOM, TOP)
    drawn = [_line(number, line, x, y) for number, line in enumerate(lines)]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" {FONT}>',
            f'<text x="{LEFT}" y="20" font-size="15" font-weight="bold">{escape(title)}</text>',
            *(_grid_x(x.at(tick), tick) for tick in x.ticks),
            *(_grid_y(y.at(tick), tick) for tick in y.ticks),
            f'<text x="{(LEFT + WIDTH) / 2}" y="{HEIGHT - 10}" text-anchor="middle">{escape(x_label)}</text>',
            f'<text x="{LEFT}" y="{TOP - 6}">{escape(y_label)}</text>',
            *drawn,
            "</svg>\n",
        ]
    )


def _grid_x(at: float, value: float) -> str:
    line = f'<path d="M{at} {TOP}V{HEIGHT - BOTTOM}" stroke="#999" stroke-opacity=".3"/>'
    return line + f'<text x="{at}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">{value:,g}</text>'


def _grid_y(at: float, value: float) -> str:
    line = f'<path d="M{LEFT} {at}H{WIDTH - RIGHT}" stroke="#999" stroke-opacity=".3"/>'
    return line + f'<text x="{LEFT - 6}" y="{at + 4}" text-anchor="end">{value:,g}</text>'


def _line(number: int, line: Line, x: Axis, y: Axis) -> str:
    colour = COLOURS[number % len(COLOURS)]
    places = [(x.at(one), y.at(other)) for one, other in line.points]
    path = "L".join(f"{left} {top}" for left, top in places)
    dots = "".join(f'<circle cx="{left}" cy="{top}" r="3" fill="{colour}"/>' for left, top in places)
    legend_at = HEIGHT - BOTTOM - 12 - 16 * number
    legend = f'<text x="{LEFT + 12}" y="{legend_at}" fill="{colour}">{escape(line.name)}</text>'
    return f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>{dots}{legend}'
