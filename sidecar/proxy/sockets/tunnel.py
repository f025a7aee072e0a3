"""Bytes carried between two connections in both directions, until both sides are done or one is gone."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from aiohttp.base_protocol import BaseProtocol

from sidecar.proxy.sockets.raw import LIMIT, RawReader, drain

_FAREWELL: Final = 5.0
"""Seconds for what a client sent before it closed both directions at once, as TLS does."""


class Tunnels:
    """Counts tunnels.

    Attributes:
        open: how many there are now.
    """

    def __init__(self) -> None:
        self.open = 0

    @contextmanager
    def one(self) -> Iterator[None]:
        """One more, for as long as this lasts."""
        self.open += 1
        try:
            yield
        finally:
            self.open -= 1


class Lane:
    """One direction.

    Attributes:
        moved: bytes carried.
        moved_at: when the last of them was.
    """

    def __init__(self, source: RawReader, sender: BaseProtocol, sink: BaseProtocol, clock: Callable[[], float]) -> None:
        self.source = source
        self.moved = 0
        self.moved_at = clock()
        self._sender = sender
        self._sink = sink
        self._clock = clock

    @property
    def can_half_close(self) -> bool:
        """Whether the other direction can go on once this one is done; TLS has no half-closed connections."""
        ends = (self._sender.transport, self._sink.transport)
        return all(end is not None and not end.is_closing() and end.can_write_eof() for end in ends)

    async def carry(self) -> None:
        """Carry bytes to the end of the source, no faster than the sink takes them; then end the sink.

        Raises:
            ConnectionError: either side is gone.
        """
        while data := await self.source.read(LIMIT):
            await self._write(data)
        transport = self._sink.transport
        if transport is not None and not transport.is_closing() and transport.can_write_eof():
            transport.write_eof()

    async def _write(self, data: bytes) -> None:
        transport = self._sink.transport
        if transport is None or transport.is_closing():
            raise ConnectionResetError("the other side is gone")
        transport.write(data)
        self.moved += len(data)
        self.moved_at = self._clock()
        if self._sink.writing_paused:
            await drain(self._sink)
            self.moved_at = self._clock()


class Tunnel:
    """Two lanes.

    Attributes:
        up, down: from the client, and to it.
        end: how it ended: `done`, `idle`, `broken` (one side reset its connection), `cut` (by us).
        seconds: how long it was open.
    """

    def __init__(self, up: Lane, down: Lane, clock: Callable[[], float]) -> None:
        self.up = up
        self.down = down
        self.end = "cut"
        self.seconds = 0.0
        self._clock = clock
        self._began = clock()

    async def run(self, idle: float) -> None:
        """Carry both until both are done, one is broken, or neither moves for `idle` seconds."""
        up, down = (asyncio.ensure_future(lane.carry()) for lane in (self.up, self.down))
        try:
            self.end = await self._wait({up, down}, idle)
        except asyncio.CancelledError:
            await self._let_finish(up)
            raise
        finally:
            up.cancel()
            down.cancel()
            await asyncio.wait({up, down})
            self.seconds = self._clock() - self._began

    async def _wait(self, lanes: set[asyncio.Future[None]], idle: float) -> str:
        while lanes:
            left = idle - (self._clock() - max(self.up.moved_at, self.down.moved_at))
            if left <= 0:
                return "idle"
            done, lanes = await asyncio.wait(lanes, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            if any(task.exception() is not None for task in done):
                return "broken"
            if done and not self.up.can_half_close:
                return "done"
        return "done"

    async def _let_finish(self, up: asyncio.Future[None]) -> None:
        """A client that is gone ends everything; what it sent before it said so is still carried."""
        if not self.up.source.ended:
            return
        if self.up.source.exception() is not None:
            self.end = "broken"
            return
        await asyncio.wait({up}, timeout=_FAREWELL)
        self.end = "done" if up.done() and up.exception() is None else "broken"
