"""The sidecar as a process of its own, started as an operator would."""

import asyncio
import contextlib
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

PATIENCE = 20.0


class SidecarProcess:
    """`python -m sidecar run`, its log read line by line."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.lines: list[dict[str, Any]] = []
        self.port = 0
        self.admin_port = 0
        self.drain_port = 0

    @classmethod
    async def start(cls, config: Path, *flags: str, **environ: str) -> "SidecarProcess":
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "sidecar", "run", "--config", str(config), *flags,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, env={**os.environ, **environ},
        )  # fmt: skip
        sidecar = cls(process)
        try:
            started = await sidecar.logged("started")
        except BaseException:
            await sidecar.kill()
            raise
        sidecar.port, sidecar.admin_port = (int(started[key].rpartition(":")[2]) for key in ("listen", "admin"))
        sidecar.drain_port = int(started["drain"].rpartition(":")[2] or 0)
        return sidecar

    @property
    def pid(self) -> int:
        return self._process.pid

    async def logged(self, event: str, **fields: Any) -> dict[str, Any]:
        """The next line of the log with this event and these fields."""
        async with asyncio.timeout(PATIENCE):
            while raw := await self._process.stdout.readline():
                line = json.loads(raw)
                self.lines.append(line)
                if line["event"] == event and fields.items() <= line.items():
                    return line
        error = (await self._process.stderr.read()).decode()
        raise AssertionError(f"no line {event!r} in the log; stderr: {error}")

    def signal(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    async def ended(self) -> int:
        async with asyncio.timeout(PATIENCE):
            out, _ = await self._process.communicate()
        self.lines += [json.loads(line) for line in out.splitlines()]
        return self._process.returncode

    async def kill(self) -> None:
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
            await self._process.communicate()

    def resident(self) -> tuple[int, int]:
        """Bytes resident now, and at their peak."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        fields = dict(line.split(":", 1) for line in status.splitlines())
        return tuple(int(fields[name].split()[0]) * 1024 for name in ("VmRSS", "VmHWM"))
