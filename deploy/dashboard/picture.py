"""Draws the dashboard from what a Prometheus tells: python -m deploy.dashboard.picture URL FILE.svg."""

import argparse
import json
import re
import time
import urllib.parse
import urllib.request
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any, Final

from deploy.dashboard.build import COLUMNS, dashboard

CELL: Final = 52
"""Points for one of the columns."""
LINE: Final = 24
"""Points for one unit of height."""
COLOURS: Final = ("#3274d9", "#e0752d", "#37872d", "#c4162a", "#8f3bb8", "#e0b400", "#0a8a8a", "#7a7a7a")
SHOWN: Final = 4
"""Lines of a legend; more do not fit."""
UNITS: Final = {"s": " s", "reqps": "/s", "bytes": " B", "Bps": " B/s"}

Lines = list[tuple[str, list[tuple[float, float]]]]


def lines(url: str, panel: dict[str, Any], seconds: int) -> Lines:
    """What the panel shows, the most first."""
    found: Lines = []
    for target in panel["targets"]:
        for series in _asked(url, target["expr"], seconds):
            points = [(float(at), float(value)) for at, value in series["values"] if value != "NaN"]
            legend = re.sub(r"\{\{(\w+)\}\}", lambda name: series["metric"].get(name[1], ""), target["legendFormat"])  # noqa: B023 - called at once
            found += [(legend, points)] if points else []
    return sorted(found, key=lambda line: -max(value for _, value in line[1]))


def _asked(url: str, expr: str, seconds: int) -> list[dict[str, Any]]:
    values = {"__rate_interval": "10s", "__range": f"{seconds}s"}
    asked = re.sub(r"\$(\w+)", lambda found: values.get(found[1], ".*"), expr)
    now = time.time()
    query = urllib.parse.urlencode({"query": asked, "start": now - seconds, "end": now, "step": 1})
    with urllib.request.urlopen(f"{url}/api/v1/query_range?{query}", timeout=30) as answer:  # noqa: S310 - of the operator
        return list(json.load(answer)["data"]["result"])


def number(value: float, unit: str) -> str:
    """A value in words."""
    if unit == "percentunit":
        return f"{value * 100:.3g} %"
    if unit == "dateTimeFromNow":
        return f"{max(0.0, time.time() - value / 1000):.0f} s ago"
    for size, letter in ((1e9, " G"), (1e6, " M"), (1e3, " k")):
        if value >= size:
            return f"{value / size:.3g}{letter}{UNITS.get(unit, '').strip()}"
    if unit == "s" and 0 < value < 1:
        return f"{value * 1000:.3g} ms"
    return f"{value:.3g}{UNITS.get(unit, '')}"


def drawn(url: str, seconds: int) -> str:
    """The whole picture."""
    panels = dashboard()["panels"]
    bottom = max(panel["gridPos"]["y"] + panel["gridPos"]["h"] for panel in panels)
    parts = [part for panel in panels for part in _panel(url, panel, seconds)]
    width, height = COLUMNS * CELL, bottom * LINE
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif">'
    return "\n".join([head, f'<rect width="{width}" height="{height}" fill="#f4f5f5"/>', *parts, "</svg>"]) + "\n"


def _panel(url: str, panel: dict[str, Any], seconds: int) -> Iterable[str]:
    place = panel["gridPos"]
    left, top, width, height = place["x"] * CELL, place["y"] * LINE, place["w"] * CELL, place["h"] * LINE
    if panel["type"] == "row":
        yield _text(left + 6, top + 17, panel["title"], 14, bold=True)
        return
    yield f'<rect x="{left + 3}" y="{top + 3}" width="{width - 6}" height="{height - 6}" fill="#fff" stroke="#dcdcdc"/>'
    yield _text(left + 10, top + 20, panel["title"], 12, bold=True)
    shown = lines(url, panel, seconds)
    draw = _curves if panel["type"] == "timeseries" else _words
    yield from draw(panel, shown, left + 10, top + 30, width - 20, height - 36)


def _words(panel: dict[str, Any], shown: Lines, left: int, top: int, width: int, _height: int) -> Iterable[str]:
    """Values as text, those of a bar gauge with their bars."""
    defaults = panel["fieldConfig"]["defaults"]
    names = {key: word["text"] for mapping in defaults["mappings"] for key, word in mapping["options"].items()}
    highest = max((points[-1][1] for _, points in shown), default=0.0) or 1.0
    for index, (legend, points) in enumerate(shown[:6]):
        value, y = points[-1][1], top + 16 + index * 20
        if panel["type"] == "bargauge":
            yield f'<rect x="{left}" y="{y - 12}" width="{value / highest * width:.0f}" height="16" fill="#cfe3ff"/>'
        told = names.get(f"{value:g}", number(value, defaults["unit"]))
        yield _text(left + 2, y, f"{legend}: {told}" if legend else told, 11)


def _curves(panel: dict[str, Any], shown: Lines, left: int, top: int, width: int, height: int) -> Iterable[str]:
    """One curve for each line, and a legend with the last values."""
    bottom, tall = top + height - 34, height - 48
    every = [point for _, points in shown for point in points]
    if not every:
        yield _text(left, top + 20, "nothing happened", 11)
        return
    first, last = min(at for at, _ in every), max(at for at, _ in every)
    highest = max(value for _, value in every) or 1.0
    unit = panel["fieldConfig"]["defaults"]["unit"]
    yield f'<path d="M{left} {bottom}h{width}" stroke="#bbb"/>'
    yield _text(left, top + 10, number(highest, unit), 9)
    for index, (_, points) in enumerate(shown):
        path = " ".join(
            f"{left + (at - first) / ((last - first) or 1) * width:.0f},{bottom - value / highest * tall:.0f}"
            for at, value in points
        )
        yield f'<polyline points="{path}" fill="none" stroke="{COLOURS[index % len(COLOURS)]}" stroke-width="1.5"/>'
    for index, (legend, points) in enumerate(shown[:SHOWN]):
        x, y = left + index % 2 * width // 2, bottom + 14 + index // 2 * 14
        yield _text(x, y, f"{legend} {number(points[-1][1], unit)}".strip(), 9, colour=COLOURS[index])


def _text(x: int, y: int, text: str, size: int, *, bold: bool = False, colour: str = "#24292e") -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x}" y="{y}" font-size="{size}"{weight} fill="{colour}">{escape(text)}</text>'


def main() -> None:
    """Ask and draw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url", help="of a Prometheus, such as http://127.0.0.1:9095")
    parser.add_argument("file", type=Path)
    parser.add_argument("--seconds", type=int, default=600, help="how far back (%(default)s)")
    arguments = parser.parse_args()
    arguments.file.write_text(drawn(arguments.url.rstrip("/"), arguments.seconds))


if __name__ == "__main__":
    main()
