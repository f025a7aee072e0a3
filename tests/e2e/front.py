"""What a Service of Kubernetes does before pods: gives each new connection to one that is ready, and learns late."""

import asyncio
import contextlib
import math
import random

from tests.e2e.pod import Pod

POLL = 0.02
LATE = 0.4
"""Seconds that a pod which is not ready any more still gets new connections: the news has to reach every node."""


class Front:
    """Passes bytes both ways, and looks at none.

    Attributes:
        late: how many connections were given to a pod that was not ready any more.
    """

    def __init__(self) -> None:
        self.late = 0
        self._until: dict[Pod, float] = {}
        self._dice = random.Random(1)
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task] = set()

    async def start(self) -> "Front":
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        return self

    @property
    def port(self) -> int:
        return self._server.sockets[0].getsockname()[1]

    def add(self, pod: Pod) -> None:
        """Watch a pod; it gets connections as long as it is ready, and a little longer."""
        self._until[pod] = -math.inf
        self._tasks.add(asyncio.create_task(self._watch(pod)))

    async def until(self, *pods: Pod) -> None:
        """Wait until exactly these get connections."""
        async with asyncio.timeout(20):
            while self._chosen() != list(pods):
                await asyncio.sleep(POLL)

    async def stop(self) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _chosen(self) -> list[Pod]:
        now = asyncio.get_running_loop().time()
        return [pod for pod, until in self._until.items() if now < until]

    async def _watch(self, pod: Pod) -> None:
        while True:
            if await ready(pod.sidecar.admin_port):
                self._until[pod] = math.inf
            else:
                self._until[pod] = min(self._until[pod], asyncio.get_running_loop().time() + LATE)
            await asyncio.sleep(POLL)

    def _accept(self, client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        self._tasks.add(asyncio.create_task(self._connect(client, to_client)))

    async def _connect(self, client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        pod = self._dice.choice(self._chosen())
        self.late += self._until[pod] < math.inf
        with contextlib.suppress(OSError), contextlib.closing(to_client):
            server, to_server = await asyncio.open_connection("127.0.0.1", pod.sidecar.port)
            with contextlib.closing(to_server):
                await asyncio.gather(_pass(client, to_server), _pass(server, to_client))


async def ready(port: int) -> bool:
    """Whether a pod says that it is."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        with contextlib.closing(writer):
            writer.write(b"GET /readyz HTTP/1.1\r\nHost: node\r\nConnection: close\r\n\r\n")
            line = await reader.readline()
    except OSError:
        return False
    return line.split(b" ")[1:2] == [b"200"]


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Bytes, and their end."""
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.write_eof()
