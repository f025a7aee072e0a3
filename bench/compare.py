"""Compares the sidecar with its peers in one run: interleaved rounds, medians, ratios.

The service and the client are small C programs, built here with the system's compiler. The system under test runs on
one core, service and client on the other. Figures of different runs cannot be compared; ratios within one can.

exit codes: 0 all requests through the sidecar were answered well; 1 some were not, which the last line tells.
"""

import argparse
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.memory import PeakMemory
from bench.peers import PEERS, Peer
from bench.processes import cost, wait_for
from bench.report import Row, medians, show, show_troubles
from bench.scenarios import SCENARIOS, WARM_UP, Scenario

NATIVE = Path(__file__).parent / "native"
SERVICE_PORT, PEER_PORT = 18500, 18501


def main() -> int:
    """Run the bench; the exit code."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        tools = build(folder)
        service = start([str(tools["sink"]), str(SERVICE_PORT)], SERVICE_PORT, core=1)
        try:
            rows = [row for turn in range(options.rounds) for row in _round(turn, folder, tools, options)]
        finally:
            service.kill()
            service.wait()
    table = medians(rows)
    show(table, options.rounds)
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(
            json.dumps({"rounds": options.rounds, "cores": os.cpu_count(), "rows": table}, indent=1)
        )
    return show_troubles(rows)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="interleaved rounds; the medians count (default 3)")
    parser.add_argument("--peers", default="", help="only peers whose name contains one of these, comma separated")
    parser.add_argument("--scenarios", default="", help="only scenarios whose name contains one of these")
    parser.add_argument("--quick", action="store_true", help="one short round without the large files")
    parser.add_argument("--json", type=Path, default=Path("bench/results/compare.json"), help="where the figures go")
    options = parser.parse_args()
    options.rounds = 1 if options.quick else options.rounds
    return options


def build(folder: Path) -> dict[str, Path]:
    """The service and the client."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        raise SystemExit("bench: no C compiler; the service and the client of the bench are built with one (apt: gcc)")
    tools = {}
    for name in ("sink", "load"):
        tools[name] = folder / name
        subprocess.run([compiler, "-O2", "-o", tools[name], NATIVE / f"{name}.c"], check=True)
    return tools


def start(command: list[str], port: int, core: int | None, log: Path | None = None) -> subprocess.Popen[bytes]:
    """Start a program on one core, or on all where it is to use more."""
    pinned = command if core is None else ["taskset", "-c", str(core), *command]
    with (log or Path(os.devnull)).open("wb") as out:
        process = subprocess.Popen(pinned, stdout=out, stderr=subprocess.STDOUT)
    try:
        wait_for(port, process)
    except RuntimeError as error:
        process.kill()
        process.wait()
        raise SystemExit(f"bench: {error}\n{log.read_text()[-2000:] if log else ''}") from error
    return process


def _most_seconds(options: argparse.Namespace) -> float:
    return 1.0 if options.quick else 1e9


def _chosen(names: str, name: str) -> bool:
    return not names or any(part.strip().lower() in name.lower() for part in names.split(","))


def _round(turn: int, folder: Path, tools: dict[str, Path], options: argparse.Namespace) -> list[Row]:
    scenarios = [each for each in SCENARIOS if _chosen(options.scenarios, each.name)]
    if options.quick:
        scenarios = [each for each in scenarios if each.unit == "req/s"]
    rows = [_measure("no proxy", each, SERVICE_PORT, None, folder, tools, _most_seconds(options)) for each in scenarios]
    for peer in (each for each in PEERS if _chosen(options.peers, each.name)):
        if peer.missing:
            print(f"  {peer.name}: left out, {', '.join(peer.missing)} missing", file=sys.stderr)
            continue
        print(f"round {turn + 1} of {options.rounds}: {peer.name}", file=sys.stderr, flush=True)
        rows += measured_beside(peer, scenarios, folder, tools, _most_seconds(options))
    return rows


def measured_beside(
    peer: Peer, scenarios: list[Scenario], folder: Path, tools: dict[str, Path], seconds: float = 1e9
) -> list[Row]:
    """A row for each scenario, of one process of a peer.

    Args:
        peer: is started and ended here.
        scenarios: what is sent.
        folder: for its files.
        tools: service and client.
        seconds: at most so long for each.
    """
    own = folder / peer.name.replace(" ", "-").replace("+", "and").replace(",", "")
    own.mkdir(exist_ok=True)
    own.chmod(0o777)
    command = peer.prepare(own, PEER_PORT, SERVICE_PORT)
    process = start(command, PEER_PORT, core=None if "2 workers" in peer.name else 0, log=own / "out.log")
    try:
        _measure(peer.name, WARM_UP, PEER_PORT, None, folder, tools, seconds)
        return [_measure(peer.name, each, PEER_PORT, process.pid, folder, tools, seconds) for each in scenarios]
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _measure(
    name: str,
    scenario: Scenario,
    port: int,
    pid: int | None,
    folder: Path,
    tools: dict[str, Path],
    seconds: float,
) -> Row:
    request = scenario.write(folder)
    seconds = min(scenario.seconds, seconds)
    before = cost(pid) if pid is not None else None
    command = [str(tools["load"]), str(port), str(scenario.connections), str(seconds), str(scenario.most), str(request)]
    with contextlib.nullcontext() if pid is None else PeakMemory(pid) as peak:
        run = subprocess.run(["taskset", "-c", "1", *command], capture_output=True, text=True, check=False)
    if run.returncode:
        return {"peer": name, "scenario": scenario.name, "failed": run.stderr.strip() or "the client failed"}
    told = json.loads(run.stdout)
    row: Row = {"peer": name, "scenario": scenario.name, "unit": scenario.unit, **told}
    row["rate"] = (told["requests"] if scenario.unit == "req/s" else told["bytes"] / 1e6) / told["seconds"]
    if before is not None and peak is not None and told["requests"]:
        after = cost(pid)
        spent = after.cpu - before.cpu
        row |= {
            "cpu_s_per_gb": spent / (told["bytes"] / 1e9),
            "cpu_s_per_1000": spent / told["requests"] * 1000,
            "peak_mb": peak.bytes / 1e6,
            "written_mb": (after.written - before.written) / 1e6,
        }
    return row


if __name__ == "__main__":
    sys.exit(main())
