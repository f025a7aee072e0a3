"""A stand-in for a pod: the example service and the sidecar, real processes that share a loopback."""

import asyncio
import json
import os
import re
import signal
import sys
from pathlib import Path

from tests.e2e.process import PATIENCE, SidecarProcess

SERVICE = Path(__file__).parents[2] / "deploy" / "example" / "service.py"
ACCEPT_FOR = 0.8


class Pod:
    """Started and ended in the order in which the kubelet starts and ends a pod with a native sidecar.

    Attributes:
        hooked: whether the application has the preStop hook of `deploy/components/sidecar`.
        ends: when each of them has gone, in order.
    """

    def __init__(self, directory: Path, *, hooked: bool = True) -> None:
        self.directory = directory
        self.hooked = hooked
        self.ends: list[str] = []
        self.sidecar: SidecarProcess | None = None
        self._service: asyncio.subprocess.Process | None = None

    async def start(self) -> "Pod":
        self.directory.mkdir()
        port = await self._start_service()
        settings = {
            "mode": "enforce",
            "listen": "127.0.0.1:0",
            "admin": {"listen": "127.0.0.1:0"},
            "upstream": {"url": f"http://127.0.0.1:{port}"},
            "drain": {"listen": "127.0.0.1:0", "accept_for": ACCEPT_FOR, "timeout": "20s"},
            "spool": {"directory": str(self.directory)},
            "isolation": {"spare": 0},
        }
        config = self.directory / "sidecar.yaml"
        config.write_text(json.dumps(settings))
        self.sidecar = await SidecarProcess.start(config)
        return self

    async def _start_service(self) -> int:
        self._service = await asyncio.create_subprocess_exec(
            sys.executable, str(SERVICE), "--port", "0", "--directory", str(self.directory / "uploads"),
            stderr=asyncio.subprocess.PIPE, env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
        async with asyncio.timeout(PATIENCE):
            while line := await self._service.stderr.readline():
                if found := re.search(rb"running on http://[0-9.]+:([0-9]+)", line):
                    return int(found[1])
        raise AssertionError("the example service did not start")

    @property
    def stored(self) -> int:
        """How many files the service has."""
        return len(list((self.directory / "uploads").iterdir()))

    async def terminate(self) -> int:
        """The hook of the application, its SIGTERM, then the sidecar's; the exit code of the sidecar."""
        if self.hooked:
            self.ends.append(await self._drained())
        self._service.send_signal(signal.SIGTERM)
        async with asyncio.timeout(PATIENCE):
            await self._service.communicate()
        self.ends.append("service")
        self.sidecar.signal(signal.SIGTERM)
        code = await self.sidecar.ended()
        self.ends.append("sidecar")
        return code

    async def _drained(self) -> str:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.sidecar.drain_port)
        writer.write(b"GET /drain HTTP/1.1\r\nHost: node\r\nConnection: close\r\n\r\n")
        async with asyncio.timeout(PATIENCE):
            answer = await reader.read()
        writer.close()
        return json.loads(answer.partition(b"\r\n\r\n")[2])["status"]

    async def kill(self) -> None:
        if self.sidecar is not None:
            await self.sidecar.kill()
        if self._service is not None and self._service.returncode is None:
            self._service.kill()
            await self._service.communicate()
