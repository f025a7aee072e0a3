"""A stand-in for a pod: the example service and the sidecar, real processes that share a loopback."""

import asyncio
import json
import signal
from pathlib import Path

from tests.e2e.example import ExampleService
from tests.e2e.process import PATIENCE, SidecarProcess

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
        self.service = ExampleService(directory / "uploads")

    async def start(self) -> "Pod":
        self.directory.mkdir()
        port = await self.service.start()
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

    async def terminate(self) -> int:
        """The hook of the application, its SIGTERM, then the sidecar's; the exit code of the sidecar."""
        if self.hooked:
            self.ends.append(await self._drained())
        await self.service.end()
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
        await self.service.end(signal.SIGKILL)
