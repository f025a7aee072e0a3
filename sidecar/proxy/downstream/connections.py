"""The connections of one listener: made with what they share, and ended together."""

import asyncio
import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from sidecar.policy.settings.model import Client as ClientSettings
from sidecar.proxy.aiohttp_compat import request_parser
from sidecar.proxy.downstream.connection import Connection
from sidecar.proxy.downstream.gate import ErrorWriter, Gate
from sidecar.proxy.downstream.received import Handler
from sidecar.proxy.downstream.unfinished_heads import UnfinishedHeads
from sidecar.proxy.http.head_errors import line_limits
from sidecar.proxy.http.head_reader import HeadReader
from sidecar.proxy.sockets.expiry import Expiry

if TYPE_CHECKING:
    from sidecar.proxy.downstream.handshakes import Handshake

_LOOK: Final = 0.02
"""Seconds between two looks at the heads that a drain waits for."""


class Connections:
    """Called for each client that connects (`asyncio.Server`).

    Attributes:
        handler: serves one request.
        error_writer: makes the answer to what is no request.
        patience: asked for every new connection, so that a reload reaches it.
        gate: counts connections, and turns away who is one too many.
        open: those that are there.
        handshakes: under way, and counted by the gate.
        unfinished: what is here of heads that go on.
    """

    def __init__(
        self, handler: Handler, error_writer: ErrorWriter, patience: Callable[[], ClientSettings], gate: Gate
    ) -> None:
        self.handler = handler
        self.error_writer = error_writer
        self.patience = patience
        self.gate = gate
        self.open: set[Connection] = set()
        self.handshakes: set[Handshake] = set()
        self.unfinished = UnfinishedHeads()
        self._loop = asyncio.get_running_loop()
        self._expiries: dict[tuple[str, float], Expiry] = {}

    def __call__(self) -> Connection:
        """A protocol for a new connection."""
        return Connection(self, self._loop)

    def expiry(self, awaited: str, seconds: float) -> Expiry:
        """The one that ends those that wait for the same, as long."""
        found = self._expiries.get((awaited, seconds))
        if found is None:
            found = self._expiries[awaited, seconds] = Expiry(seconds, self._loop)
        return found

    def head_reader(self, connection: Connection) -> HeadReader:
        """One that has read nothing yet."""
        patience = connection.patience
        line, field = line_limits(patience.max_line)
        parser = request_parser(connection, self._loop, max_line=line, max_field=field, max_fields=patience.max_fields)
        return HeadReader(parser, patience.max_head)

    def gone(self, connection: Connection) -> None:
        """A counted connection is lost."""
        self.open.discard(connection)
        self.gate.left()

    def make_room(self) -> bool:
        """End whoever has waited longest, whatever for, as if the time were up; whether there is anybody."""
        longest = min(self._expiries.values(), key=lambda expiry: expiry.since, default=None)
        if longest is None or longest.since == math.inf:
            return False
        longest.end_first()
        return True

    def close_idle(self) -> None:
        """Close those without a request; not those that are told why they end, or whose request is on its way."""
        for connection in [each for each in self.open if not (each.is_serving or each.over or each.is_in_head)]:
            if not connection.has_news:
                connection.close()

    async def heads(self) -> None:
        """Wait until no request is on its way any more: it is served by then, or late; only who drains asks.

        A handshake that has begun leads to one. Those that begin meanwhile are not waited for, or it might never end.
        """
        await asyncio.sleep(_LOOK)  # what has arrived is read by then
        if shaking := {each.task for each in self.handshakes if each.task is not None}:
            await asyncio.wait(shaking)
            await asyncio.sleep(_LOOK)  # and so is the request behind it
        while any(each.is_in_head and not each.over for each in self.open):  # noqa: ASYNC110 - no event for each request
            await asyncio.sleep(_LOOK)
        await asyncio.sleep(0)  # the task of a request that has just begun has its turn before

    async def shutdown(self, patience: float) -> None:
        """End all: what is under way has so many seconds to end by itself, and as many once it is cancelled."""
        for handshake in list(self.handshakes):
            handshake.end()
        tasks = self._tasks()
        if tasks:
            await asyncio.wait(tasks, timeout=patience)
        for task in self._tasks():
            task.cancel()
        if tasks := self._tasks():
            await asyncio.wait(tasks, timeout=patience)
        for connection in list(self.open):
            connection.end()
        for expiry in self._expiries.values():
            expiry.stop()

    def _tasks(self) -> set[asyncio.Task[Any]]:
        found: list[asyncio.Task[Any] | None] = [each.task for each in self.open]
        found += [each.task for each in self.handshakes]
        return {task for task in found if task is not None}
