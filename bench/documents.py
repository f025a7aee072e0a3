"""What it costs to look at whole files of each kind, without the way to a worker: processor time, in turns.

Files of the size that people upload, made anew in every run; figures of different runs cannot be compared.
"""

import argparse
import hashlib
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.document_samples import SAMPLES
from sidecar.inspection.examination import Examination
from sidecar.inspection.examined import Examined
from sidecar.inspection.file import File
from sidecar.inspection.offline import judge_file
from sidecar.inspection.types.libmagic import Identifier
from sidecar.policy.settings.model import Policy

CHUNK = 64 * 1024


def main() -> int:
    """Run the bench; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="interleaved rounds; the medians count (default 5)")
    parser.add_argument("--kinds", default="", help="only kinds whose name contains one of these, comma separated")
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    options = parser.parse_args()
    wanted = [part.strip() for part in options.kinds.split(",")]
    files = {name: make() for name, make in SAMPLES.items() if any(part in name for part in wanted)}
    measured: dict[str, list[dict[str, float]]] = {name: [] for name in files}
    for turn in range(options.rounds):
        for name, data in files.items():
            print(f"round {turn + 1} of {options.rounds}: {name}", file=sys.stderr, flush=True)
            measured[name].append(_measured(name, data))
    table = [{"kind": name, "kb": len(files[name]) / 1e3, **_medians(rows)} for name, rows in measured.items()]
    _show(table)
    if options.json:
        options.json.write_text(json.dumps(table, indent=1))
    return 0


def _measured(name: str, data: bytes) -> dict[str, float]:
    """Milliseconds: of the look while it arrives with its digest, of the examination, and of the digest alone."""
    spent = 0.0

    def examine(file: File, whole: bytes) -> Examined:
        nonlocal spent
        began = time.process_time()
        examined = Examination(_POLICY, _IDENTIFY, time.monotonic, stop_at_first=True).examine(file, whole)
        spent = time.process_time() - began
        return examined

    chunks = [data[at : at + CHUNK] for at in range(0, len(data), CHUNK)]
    whole = _timed(lambda: judge_file(name.encode(), None, chunks, _POLICY, _IDENTIFY, examine))
    return {"arrival": whole - spent * 1e3, "examination": spent * 1e3, "digest": _timed(hashlib.sha256, data)}


def _timed(call: Callable[..., Any], *arguments: object) -> float:
    began = time.process_time()
    call(*arguments)
    return (time.process_time() - began) * 1e3


def _medians(rows: list[dict[str, float]]) -> dict[str, float]:
    return {key: statistics.median(row[key] for row in rows) for key in rows[0]}


def _show(table: list[dict[str, Any]]) -> None:
    print(f"{'':22}{'KB':>9}{'arrival ms':>12}{'whole ms':>10}{'MB/s':>8}{'times SHA-256':>15}")
    for row in table:
        rate = row["kb"] / row["examination"] if row["examination"] else 0.0
        print(
            f"{row['kind']:22}{row['kb']:>9,.0f}{row['arrival']:>12.2f}{row['examination']:>10.2f}{rate:>8,.0f}"
            f"{row['examination'] / row['digest']:>15.1f}"
        )


_POLICY = Policy(max_file=1 << 30, max_body=1 << 30)
_IDENTIFY = Identifier()

if __name__ == "__main__":
    sys.exit(main())
