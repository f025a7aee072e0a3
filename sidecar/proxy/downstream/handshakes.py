"""Handshakes of TLS: counted, and given their time, from the moment a client connects."""

import asyncio
import ssl
from typing import Final, cast

from sidecar.proxy.downstream.connections import Connections
from sidecar.proxy.downstream.gate import FAREWELL, TurnedAway

_STRANGERS_MOST: Final = 100
"""Clients at once that may shake hands only to be told that there is no room."""
_LEAST: Final = 0.05
"""Seconds for a handshake that begins late."""


class Handshakes:
    """Called for each client that connects (`asyncio.Server`).

    A server that is given the context of TLS itself tells of a client only once its handshake is done: those that say
    nothing would be as many as they like.

    Attributes:
        connections: what comes behind.
        context: of TLS.
        strangers: clients that will be turned away.
    """

    def __init__(self, connections: Connections, context: ssl.SSLContext) -> None:
        self.connections = connections
        self.context = context
        self.strangers = 0

    def __call__(self) -> "Handshake":
        """A protocol for a new connection."""
        return Handshake(self)


class Handshake(asyncio.Protocol):
    """One, from the moment its connection is made; a client that has said nothing yet costs nothing of TLS.

    Attributes:
        task: shakes hands, once the client has begun to.
    """

    def __init__(self, handshakes: Handshakes) -> None:
        self.task: asyncio.Task[asyncio.Transport] | None = None
        self._all = handshakes
        self._connections = handshakes.connections
        self._loop = asyncio.get_running_loop()
        self._stranger: TurnedAway | None = None
        self._behind: asyncio.Protocol | None = None
        self._early = b""
        self._lost = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Count the client; or reset one for which there is not even an answer."""
        self._plain = cast("asyncio.Transport", transport)
        stranger = self._stranger = self._connections.gate.entered()
        if stranger is not None and not (stranger.answer and self._all.strangers < _STRANGERS_MOST):
            stranger.refuse(self._plain)
            return
        self._all.strangers += stranger is not None
        self._connections.handshakes.add(self)
        seconds = self._connections.patience().head_timeout if stranger is None else FAREWELL
        self._due = self._loop.time() + seconds
        self._expiry = self._connections.expiry("handshake", seconds)
        self._expiry.add(self)

    def data_received(self, data: bytes) -> None:
        """Begin with the first bytes; what comes behind the handshake before somebody takes over is held for him."""
        if self.task is not None:
            self._early += data
            return
        self._expiry.remove(self)
        self._plain.pause_reading()
        self.task = self._loop.create_task(self._shake(data), name="shake hands")
        self.task.add_done_callback(self._shaken)

    async def _shake(self, first: bytes) -> asyncio.Transport:
        self._loop.call_soon(self._feed, first)  # before TLS is told of its connection
        patience = max(_LEAST, self._due - self._loop.time())
        secure = await self._loop.start_tls(
            self._plain, self, self._all.context, server_side=True, ssl_handshake_timeout=patience
        )
        if secure is None or secure.get_extra_info("cipher") is None:
            raise ConnectionAbortedError("the connection was closed in the middle of its handshake")
        return secure

    def _feed(self, data: bytes) -> None:
        """Give TLS what was read before it was there."""
        protocol = self._plain.get_protocol()
        if protocol is self:
            return
        tls = cast("asyncio.BufferedProtocol", protocol)  # that of uvloop is one, and no heir of the class
        while data:
            room = memoryview(tls.get_buffer(len(data)))
            taken = min(len(room), len(data))
            room[:taken], data = data[:taken], data[taken:]
            tls.buffer_updated(taken)

    def _shaken(self, task: asyncio.Task[asyncio.Transport]) -> None:
        if not task.cancelled() and task.exception() is None and not (self._lost or task.result().is_closing()):
            self._hand_over(task.result())
            return
        self._plain.abort()
        self._leave()

    def _hand_over(self, secure: asyncio.Transport) -> None:
        self._forget()
        if self._stranger is None:
            connection = self._behind = self._connections()
            connection.come_in(secure)
        else:
            self._behind = self._stranger
            self._stranger.connection_made(secure)
        secure.set_protocol(self._behind)
        if self._early:
            self._behind.data_received(self._early)

    def _forget(self) -> None:
        self._connections.handshakes.discard(self)
        self._all.strangers -= self._stranger is not None

    def _leave(self) -> None:
        self._forget()
        if self._stranger is None:
            self._connections.gate.left()
        else:
            self._stranger.connection_lost(None)

    def expired(self) -> None:
        """A client that says nothing is closed without a word."""
        self._plain.abort()

    def end(self) -> None:
        """It comes to nothing."""
        if self.task is None:
            self._plain.abort()
        else:
            self.task.cancel()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has gone; where that was told before somebody took over, he is told."""
        self._lost = True
        if self._behind is not None:
            self._behind.connection_lost(exc)
        elif self.task is None:
            self._expiry.remove(self)
            self._leave()
