"""Honest clients: a steady flow of small uploads that is timed, and one upload of any size."""

import asyncio
import contextlib
import random
import time
from dataclasses import dataclass, field

BOUNDARY = b"----honest0123456789abcdef"
BLOCK = random.Random(7).randbytes(1 << 20)
OPENING = b'--%b\r\nContent-Disposition: form-data; name="f"; filename="a.dat"\r\n\r\n' % BOUNDARY
CLOSING = b"\r\n--%b--\r\n" % BOUNDARY
PATIENCE = 20.0


@dataclass
class Flow:
    """What became of a flow of requests."""

    seconds: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        """Of the requests that passed."""
        return len(self.seconds) / max(1, len(self.seconds) + len(self.failed))

    def quantile(self, share: float) -> float:
        """Milliseconds within which this share was answered."""
        ordered = sorted(self.seconds) or [0.0]
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def head(size: int, target: str = "/upload") -> bytes:
    """The head of an upload with a file of this size."""
    length = len(OPENING) + size + len(CLOSING)
    return (
        b"POST %b HTTP/1.1\r\nHost: service.test\r\nContent-Type: multipart/form-data; boundary=%b\r\n"
        b"Content-Length: %d\r\n\r\n" % (target.encode(), BOUNDARY, length)
    )


def upload(size: int, name: bytes = b"a.dat") -> bytes:
    """A whole small upload."""
    opening = OPENING.replace(b"a.dat", name)
    return head(size + len(name) - len(b"a.dat")) + opening + BLOCK[:size] + CLOSING


async def ask(port: int, request: bytes) -> int:
    """The status of one request on a connection of its own; 0 where there was no answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request)
        line = await reader.readline()
        await reader.readuntil(b"\r\n\r\n")
        return int(line.split()[1]) if line else 0
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


async def flow(port: int, request: bytes, *, expected: int, seconds: float, rate: float) -> Flow:
    """Requests at a steady rate, whether or not the earlier ones were answered."""
    result = Flow()

    async def one() -> None:
        began = time.perf_counter()
        try:
            async with asyncio.timeout(PATIENCE):
                status = await ask(port, request)
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            result.failed.append(type(error).__name__)
            return
        if status == expected:
            result.seconds.append(time.perf_counter() - began)
        else:
            result.failed.append(str(status))

    async with asyncio.TaskGroup() as group:
        began = time.monotonic()
        for number in range(int(seconds * rate)):
            await asyncio.sleep(max(0.0, began + number / rate - time.monotonic()))
            group.create_task(one())
    return result


async def large(port: int, size: int, target: str) -> tuple[int, float]:
    """One upload of any size, never whole in memory: its status and its seconds."""
    blocks = size // len(BLOCK)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    began = time.monotonic()
    writer.write(head(blocks * len(BLOCK), target) + OPENING)
    for _ in range(blocks):
        writer.write(BLOCK)
        await writer.drain()
    writer.write(CLOSING)
    status = int((await reader.readline()).split()[1])
    writer.close()
    return status, time.monotonic() - began
