"""A soak: honest and hostile traffic for minutes, and whether the sidecar holds more and more."""

import argparse
import asyncio
import json
import random
import statistics
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.traffic.honest import ask, large, upload
from bench.traffic.watched import MiB, Sidecar, crowd, raise_limit, sidecar

GOOD = [upload(size) for size in (100, 10_000, 300_000)]
BAD = [upload(10_000, b"shell.php"), upload(10_000)[:-40] + b"x" * 40, b"GET / HTTP/1.1\r\nBad Name: x\r\n\r\n"]
PLAIN = b"GET / HTTP/1.1\r\nHost: service.test\r\n\r\n"
CROWD = {"heads": 30, "bodies": 30, "readers": 15, "idle": 50, "leavers": 20}
ROUTES = [{"path": "/stream", "delivery": "stream"}, {"path": "/monitor", "mode": "monitor"}]
BRIEF = {"head_timeout": "5s", "idle_timeout": "5s", "write_timeout": "5s"}
"""So that the hostile are thrown out, and come back, many times."""
REST = 6.0
"""Seconds after the traffic, in which all that was held must be given back."""


@dataclass(frozen=True)
class Sample:
    """What the sidecar holds at a moment."""

    seconds: float
    resident: float
    descriptors: int
    threads: int
    in_flight: int
    spooled: int
    answers: int


async def sample(target: Sidecar, began: float, statuses: Counter[int]) -> Sample:
    """Look once."""
    held = target.held()
    in_flight, spooled = [int(await target.metric(name)) for name in ("requests_in_flight", "spool_used_bytes")]
    seconds = time.monotonic() - began
    return Sample(
        seconds, held.resident / MiB, held.descriptors, held.threads, in_flight, spooled, sum(statuses.values())
    )


async def honest_and_not(target: Sidecar, statuses: Counter[int], until: float) -> None:
    """One client that sends good uploads, bad ones and plain requests in turn."""
    while time.monotonic() < until:
        request = random.choice([*GOOD, *GOOD, *BAD, PLAIN])
        target_path = random.choice([b"/upload", b"/stream", b"/monitor"])
        try:
            statuses[await ask(target.port, request.replace(b"/upload", target_path, 1))] += 1
        except (OSError, asyncio.IncompleteReadError):
            statuses[0] += 1
        await asyncio.sleep(0.05)


async def large_ones(target: Sidecar, statuses: Counter[int], until: float) -> None:
    """Uploads that go through a file, and through a stream."""
    while time.monotonic() < until:
        for path in ("/upload", "/stream"):
            statuses[(await large(target.port, 20 * MiB, path))[0]] += 1
        await asyncio.sleep(1)


async def soak(options: argparse.Namespace) -> tuple[list[Sample], Sample, Counter[int]]:
    """Samples under traffic, one after it, and the answers."""
    statuses: Counter[int] = Counter()
    seconds = options.minutes * 60
    async with sidecar(routes=ROUTES, client=BRIEF) as target:
        began = time.monotonic()
        until = began + seconds
        print(HEAD, flush=True)
        async with crowd(target, seconds=seconds, **CROWD):
            clients = [asyncio.create_task(honest_and_not(target, statuses, until)) for _ in range(4)]
            clients.append(asyncio.create_task(large_ones(target, statuses, until)))
            samples = []
            while (left := until - time.monotonic()) > 0:
                await asyncio.sleep(min(left, options.every))
                samples.append(await sample(target, began, statuses))
                print(row(samples[-1]), flush=True)
            await asyncio.gather(*clients)
        await asyncio.sleep(REST)
        after = await sample(target, began, statuses)
        print(row(after), " after the traffic", flush=True)
    return samples, after, statuses


HEAD = f"{'seconds':>8} {'RSS MiB':>8} {'fds':>5} {'threads':>8} {'in flight':>10} {'spool MiB':>10} {'answers':>8}"


def row(one: Sample) -> str:
    """One sample for people."""
    return (
        f"{one.seconds:>8.0f} {one.resident:>8.1f} {one.descriptors:>5} {one.threads:>8} {one.in_flight:>10} "
        f"{one.spooled / MiB:>10.1f} {one.answers:>8}"
    )


def slope(samples: list[Sample], name: str) -> float:
    """Growth per minute by least squares, the first third left out: caches and pools fill there."""
    settled = samples[len(samples) // 3 :]
    if len(settled) < 2:  # noqa: PLR2004 - a line needs two points
        return 0.0
    times = [one.seconds / 60 for one in settled]
    return statistics.linear_regression(times, [getattr(one, name) for one in settled]).slope


def growth(samples: list[Sample], name: str) -> float:
    """From the second third to the last, by their medians: single peaks do not count."""
    third = max(1, len(samples) // 3)
    values = [float(getattr(one, name)) for one in samples]
    return statistics.median(values[-third:]) - statistics.median(values[third : 2 * third] or values)


def main() -> None:
    """Soak and tell; 1 if the sidecar held more and more, or gave something not back."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=2, help="how long (2)")
    parser.add_argument("--every", type=float, default=5, help="seconds between samples (5)")
    parser.add_argument("--memory", type=float, default=8, help="MiB by which the memory may differ (8)")
    parser.add_argument("--descriptors", type=int, default=40, help="by which the descriptors may differ (40)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the samples there too")
    options = parser.parse_args()
    raise_limit()
    samples, after, statuses = asyncio.run(soak(options))
    memory, descriptors = growth(samples, "resident"), growth(samples, "descriptors")
    print(f"answers by status: {dict(sorted(statuses.items()))}")
    print(f"per minute: {slope(samples, 'resident'):+.2f} MiB, {slope(samples, 'descriptors'):+.2f} descriptors")
    print(f"from the second third to the last: {memory:+.1f} MiB, {descriptors:+.0f} descriptors")
    if options.json:
        options.json.write_text(json.dumps([asdict(one) for one in [*samples, after]], indent=1))
    wrong = {
        "the memory grows": memory > options.memory,
        "the descriptors grow": descriptors > options.descriptors,
        "descriptors are left": after.descriptors > options.descriptors,
        "requests are left": after.in_flight > 0,
        "the spool is not empty": after.spooled > 0,
        "uploads failed": statuses[0] + statuses[500] + statuses[502] + statuses[503] > 0,
    }
    sys.exit("; ".join(what for what, is_so in wrong.items() if is_so) or 0)


if __name__ == "__main__":
    main()
