"""What the sidecar bears: a hostile crowd beside good traffic, ten thousand idle connections, uploads of any size."""

import argparse
import asyncio
import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.traffic.honest import ask, flow, large, upload
from bench.traffic.watched import MiB, Sidecar, crowd, raise_limit, sidecar

GOOD = upload(10_000)


@dataclass(frozen=True)
class Result:
    """One figure and its goal."""

    what: str
    value: float
    unit: str
    goal: str
    reached: bool


def tell(text: str) -> None:
    """Progress, apart from the results."""
    print(text, file=sys.stderr, flush=True)


async def warm(target: Sidecar) -> int:
    """Bytes resident once everything has been used."""
    for _ in range(20):
        await ask(target.port, GOOD)
    target.forget_peak()
    return target.held().resident


async def slow_crowd(options: argparse.Namespace) -> list[Result]:
    """Slow heads, slow bodies and slow readers at once, and the good traffic beside them."""
    number = options.crowd
    readers = number // 2
    tell(f"{number} slow heads, {number} slow bodies, {readers} slow readers; good traffic for {options.seconds:g} s")
    async with sidecar() as target:
        before = await warm(target)
        quiet = await flow(target.port, GOOD, expected=200, seconds=3, rate=options.rate)
        kinds = {"heads": number, "bodies": number, "readers": readers}
        async with crowd(target, seconds=options.seconds + 60, ramp=max(1, number / 200), **kinds) as there:
            tell(f"they are there ({there['connected']} connections); {target.held().descriptors} descriptors")
            good = await flow(target.port, GOOD, expected=200, seconds=options.seconds, rate=options.rate)
            held = target.held()
    tell(f"failed: {good.failed[:5]}")
    grown = (held.peak - before) / MiB
    return [
        Result("good traffic alone: p99", quiet.quantile(0.99), "ms", "", reached=True),
        Result("good traffic that passes the crowd", 100 * good.share, "%", "100", good.share == 1),
        Result("good traffic beside the crowd: p50", good.quantile(0.5), "ms", "", reached=True),
        Result("good traffic beside the crowd: p99", good.quantile(0.99), "ms", "under 50", good.quantile(0.99) < 50),  # noqa: PLR2004
        Result("memory for the crowd", grown, "MiB", "", reached=True),
        Result("memory for one of the crowd", 1024 * grown / (number * 2 + readers), "KiB", "", reached=True),
    ]


async def idle_connections(options: argparse.Namespace) -> list[Result]:
    """Connections that served once and are silent."""
    tell(f"{options.idle} idle connections")
    async with sidecar(client={"keep_alive": "300s"}) as target:
        before = await warm(target)
        async with crowd(target, seconds=300, ramp=max(3, options.idle / 400), idle=options.idle) as there:
            held = target.held()
            answered = await flow(target.port, GOOD, expected=200, seconds=2, rate=options.rate)
    return [
        Result("idle connections", there.get("idle", 0), "", f"{options.idle}", there.get("idle", 0) == options.idle),
        Result("memory with them", held.resident / MiB, "MiB", "within 120", held.resident < 120 * MiB),
        Result("memory for one of them", (held.resident - before) / 1024 / options.idle, "KiB", "", reached=True),
        Result("good traffic beside them: p99", answered.quantile(0.99), "ms", "", answered.share == 1),
    ]


async def large_upload(options: argparse.Namespace, delivery: str, bound: int) -> list[Result]:
    """One upload of any size, and what it makes the memory grow by."""
    size = int(options.gigabytes * 1e9)
    tell(f"{options.gigabytes:g} GB through {delivery}")
    route = {"path": "/upload", "delivery": delivery}
    allowed = {"max_body": 2 * size, "max_file": 2 * size}
    async with sidecar(
        routes=[route], policies={"default": allowed}, spool={"directory": options.spool, "max_bytes": 2 * size}
    ) as target:
        before = await warm(target)
        status, seconds = await large(target.port, size, "/upload")
        grown = target.held().peak - before
    return [
        Result(f"{delivery}: status", status, "", "200", status == 200),  # noqa: PLR2004
        Result(f"{delivery}: rate", size / seconds / 1e6, "MB/s", "", reached=True),
        Result(f"{delivery}: memory grows by", grown / MiB, "MiB", f"at most {bound}", grown <= bound * MiB),
    ]


async def measure(options: argparse.Namespace) -> list[Result]:
    """Everything in turn."""
    results = await slow_crowd(options) if options.crowd else []
    results += await idle_connections(options) if options.idle else []
    if options.gigabytes:
        results += await large_upload(options, "stream", 8)
        results += await large_upload(options, "hold", 16)
    return results


def table(results: list[Result]) -> str:
    """For people."""
    lines = [f"{'what':40} {'value':>10}      {'goal':12}"]
    for one in results:
        missed = "" if one.reached else "  missed"
        lines.append(f"{one.what:40} {one.value:>10,.1f} {one.unit:4} {one.goal:12}{missed}")
    return "\n".join(lines)


def main() -> None:
    """Measure and tell; 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, epilog="A number of 0 leaves that part out.")
    parser.add_argument("--crowd", type=int, default=1000, help="slow heads, as many slow bodies, half the readers")
    parser.add_argument("--seconds", type=float, default=15, help="of good traffic beside them (15)")
    parser.add_argument("--rate", type=float, default=40, help="good uploads per second (40)")
    parser.add_argument("--idle", type=int, default=10_000, help="idle connections (10000)")
    parser.add_argument("--gigabytes", type=float, default=2, help="size of the large uploads (2)")
    parser.add_argument("--spool", default="/tmp", help="directory to spool to (/tmp)")  # noqa: S108 - as the sidecar's own default
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results there too")
    options = parser.parse_args()
    raise_limit()
    results = asyncio.run(measure(options))
    print(table(results))
    if options.json:
        options.json.write_text(json.dumps([asdict(result) for result in results], indent=1))
    sys.exit(not all(result.reached for result in results))


if __name__ == "__main__":
    main()
