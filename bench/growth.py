"""How cost grows over the size of a file, uploads at once and parts of a form: figures as JSON, plots as SVG."""

import argparse
import json
import statistics
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from bench.compare import SERVICE_PORT, build, measured_beside, start
from bench.peers import PEERS, Peer
from bench.plot import Line, plot
from bench.scenarios import MB, Scenario

SIZES = (1, 3, 10, 30, 100, 250)  # larger ones are not examined whole, and so refused
AT_ONCE = (1, 4, 16, 64, 256)
PARTS = (1, 10, 100, 1000)
COMPARED = ("nginx buffering", "sidecar enforce, hold", "sidecar enforce, stream")


def scenarios() -> dict[str, list[Scenario]]:
    """By what grows."""
    return {
        "size": [
            Scenario(f"{size} MB", 1, "MB/s", file=size * MB, most=max(1, min(20, 300 // size)), seconds=30)
            for size in SIZES
        ],
        "at once": [
            Scenario(f"{many} at once", many, "MB/s", file=2 * MB, most=max(8, many), seconds=30) for many in AT_ONCE
        ],
        "parts": [Scenario(f"{parts} fields", 8, "req/s", fields=parts, seconds=2) for parts in PARTS],
    }


def main() -> int:
    """Measure and draw; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="interleaved rounds; the medians count (default 3)")
    parser.add_argument("--into", type=Path, default=Path("docs/performance"), help="folder for the JSON and the plots")
    options = parser.parse_args()
    options.into.mkdir(parents=True, exist_ok=True)
    figures = _measured(options.rounds)
    (options.into / "growth.json").write_text(json.dumps(figures, indent=1) + "\n")
    draw(figures, options.into)
    return 0


def _measured(rounds: int) -> dict[str, dict[str, list[list[float]]]]:
    """By what grows and by peer: pairs of how much and what it gave."""
    found: dict[str, dict[str, dict[float, list[float]]]] = {}
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        tools = build(folder)
        service = start([str(tools["sink"]), str(SERVICE_PORT)], SERVICE_PORT, core=1)
        try:
            for turn in range(rounds):
                for peer in (each for each in PEERS if each.name in COMPARED and not each.missing):
                    print(f"round {turn + 1} of {rounds}: {peer.name}", file=sys.stderr, flush=True)
                    _add(found, peer, folder, tools)
        finally:
            service.kill()
            service.wait()
    return {
        what: {peer: sorted([x, statistics.median(ys)] for x, ys in points.items()) for peer, points in peers.items()}
        for what, peers in found.items()
    }


def _add(
    found: dict[str, dict[str, dict[float, list[float]]]], peer: Peer, folder: Path, tools: dict[str, Path]
) -> None:
    for what, each in scenarios().items():
        chosen = [replace(scenario, name=f"{what} {scenario.name}") for scenario in each]
        # A process of its own for each group: its peak of memory is that of the group.
        for scenario, row in zip(chosen, measured_beside(peer, chosen, folder, tools), strict=True):
            if "failed" in row:
                print(f"  {peer.name}, {scenario.name}: {row['failed']}", file=sys.stderr)
                continue
            x, y = _point(what, scenario, row)
            found.setdefault(what, {}).setdefault(peer.name, {}).setdefault(x, []).append(y)


def _point(what: str, scenario: Scenario, row: dict[str, float]) -> tuple[float, float]:
    if what == "size":
        return scenario.file / MB, row["rate"]
    if what == "at once":
        return scenario.connections, row["peak_mb"]
    return scenario.fields, row["rate"] * scenario.fields


def draw(figures: dict[str, dict[str, list[list[float]]]], into: Path) -> None:
    """The three plots."""
    titles = {
        "size": ("Throughput over the size of a file", "MB of one file", "MB/s"),
        "at once": ("Memory over uploads of 2 MB at once", "uploads at once", "MB, peak of all processes"),
        "parts": ("Fields read over the fields of a form", "fields of one form", "fields/s"),
    }
    for what, peers in figures.items():
        lines = [Line(peer, [(x, y) for x, y in points]) for peer, points in peers.items()]
        (into / f"{what.replace(' ', '-')}.svg").write_text(plot(*titles[what], lines))


if __name__ == "__main__":
    sys.exit(main())
