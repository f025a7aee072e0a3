"""A sidecar in front of a service, both processes of their own, and what the sidecar holds."""

import asyncio
import contextlib
import json
import re
import resource
import sys
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
MiB = 1024 * 1024
PATIENCE = 30.0


@dataclass(frozen=True)
class Held:
    """What a process holds at a moment."""

    resident: int
    peak: int
    descriptors: int
    threads: int


@dataclass(frozen=True)
class Sidecar:
    """A running sidecar."""

    pid: int
    port: int
    admin_port: int

    def held(self) -> Held:
        """Memory in bytes, descriptors and threads."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        status = dict(line.split(":", 1) for line in lines)
        resident, peak = (int(status[name].split()[0]) * 1024 for name in ("VmRSS", "VmHWM"))
        descriptors = sum(1 for _ in Path(f"/proc/{self.pid}/fd").iterdir())
        return Held(resident, peak, descriptors, int(status["Threads"]))

    def forget_peak(self) -> None:
        """From now on the peak is that of what follows."""
        Path(f"/proc/{self.pid}/clear_refs").write_text("5")

    async def metric(self, series: str) -> float:
        """A series of /metrics, without the prefix."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.admin_port)
        writer.write(b"GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        text = (await reader.read()).decode()
        writer.close()
        found = re.search(rf"^upload_sidecar_{re.escape(series)} (\S+)$", text, re.MULTILINE)
        return float(found[1]) if found else 0.0


def raise_limit() -> None:
    """As many descriptors as are allowed, here and in the processes that follow."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


@contextlib.asynccontextmanager
async def process(*arguments: str, lines: int = 1) -> AsyncIterator[tuple[int, list[str]]]:
    """A Python process and the first lines that it prints; ended with the block."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL, cwd=ROOT
    )
    draining = None
    try:
        async with asyncio.timeout(PATIENCE):
            first = [(await child.stdout.readline()).decode() for _ in range(lines)]
        draining = asyncio.ensure_future(drain(child.stdout))
        yield child.pid, first
    finally:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        if draining is not None:
            await draining
        await child.wait()


async def drain(stream: asyncio.StreamReader) -> None:
    """Read and forget, so that nobody waits for room in a pipe."""
    while await stream.read(65536):
        pass


@contextlib.asynccontextmanager
async def sidecar(**settings: Any) -> AsyncIterator[Sidecar]:  # noqa: ANN401 - whatever a configuration can say
    """A sidecar in front of a service that swallows everything."""
    with tempfile.TemporaryDirectory() as directory:
        async with process(str(HERE / "service.py")) as (_, (port,)):
            path = Path(directory) / "sidecar.yaml"
            own = {"mode": "enforce", "listen": "127.0.0.1:0", "admin": {"listen": "127.0.0.1:0"}}
            upstream = {"url": f"http://127.0.0.1:{int(port)}"}
            path.write_text(json.dumps({**own, "upstream": upstream, "spool": {"directory": directory}, **settings}))
            async with process("-m", "sidecar", "run", "--config", str(path)) as (pid, (line,)):
                started = json.loads(line)
                ports = [int(started[name].rpartition(":")[2]) for name in ("listen", "admin")]
                yield Sidecar(pid, *ports)


@contextlib.asynccontextmanager
async def crowd(sidecar: Sidecar, *, seconds: float, ramp: float = 3, **kinds: int) -> AsyncIterator[dict[str, int]]:
    """A hostile crowd, wholly there."""
    named = [f"--{kind}={number}" for kind, number in kinds.items()]
    timing = [f"--seconds={seconds}", f"--ramp={ramp}"]
    async with process(str(HERE / "crowd.py"), str(sidecar.port), *named, *timing) as (_, (line,)):
        yield json.loads(line)
