"""The client's side of one exchange: its body read and its answer written, each with a deadline."""

import asyncio
import contextlib
import math
from collections.abc import Callable
from typing import Final

from aiohttp import web
from aiohttp.streams import StreamReader

from sidecar.policy.settings.model import Client as ClientSettings
from sidecar.proxy import reasons
from sidecar.proxy.downstream.inlet import Inlet
from sidecar.proxy.downstream.received import Received
from sidecar.proxy.http.forwarded import Caller, caller_of
from sidecar.proxy.http.request_head import RequestHead
from sidecar.proxy.reasons import RefusedError
from sidecar.proxy.sockets.closing import half_close, reset
from sidecar.proxy.sockets.deadline import Deadline
from sidecar.proxy.sockets.progress import Taking
from sidecar.proxy.sockets.raw import drain

_CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"


class ClientGoneError(Exception):
    """The client closed or reset its connection, or sent a body that is not framed as announced."""


class Client:
    """One request's reader and one answer's writer.

    Attributes:
        head: the request head.
        connection: its own, also for a switch to another protocol.
        received: body bytes so far.
        waited: seconds spent waiting for the client, reading and writing.
        answering: whether any byte of an answer was written.
        asks_to_close: it wants to have the connection closed behind the answer.
    """

    def __init__(self, received: Received, settings: ClientSettings, clock: Callable[[], float]) -> None:
        message = received.message
        self.head = RequestHead(
            method=message.method,
            target=message.path.encode("utf-8", "surrogateescape"),  # byte for byte; yarl would rewrite it
            version=(message.version.major, message.version.minor),
            fields=message.raw_headers,
        )
        self.connection = received.connection
        self.received = 0
        self.waited = 0.0
        self.answering = False
        self.asks_to_close = bool(message.should_close)
        self._arriving = received.body
        self._body: StreamReader | Inlet = received.body
        self._clock = clock
        self._began = clock()
        self._settings = settings
        self._written = 0
        self._stalled = 0.0
        self._peeked = b""
        self._continue_due = self.head.expects_continue

    @property
    def caller(self) -> Caller:
        """The hop before the sidecar."""
        peername, tls = self.connection.peer
        host = b"".join(self.head.values(b"host")[:1])
        return caller_of(peername, host, tls=tls)

    @property
    def gone(self) -> bool:
        """Whether the connection is lost."""
        return self.connection.transport is None

    @property
    def wants_keep_alive(self) -> bool:
        """Whether the client asks to keep the connection."""
        return not (self.asks_to_close or self.head.is_last)

    @property
    def body_is_read(self) -> bool:
        """Whether no byte of the body is left to come."""
        return self._body.at_eof() and not self._peeked

    async def peek(self, size: int) -> bytes:
        """The first bytes of the body, `size` of them or more unless it is shorter; `read` gives them again.

        Raises:
            RefusedError, ClientGoneError: as `read` does.
        """
        while len(self._peeked) < size and (chunk := await self._receive()):
            self._peeked += chunk
        return self._peeked

    async def read(self) -> bytes:
        """The next bytes of the body, empty at its end.

        Raises:
            RefusedError: `body_too_slow`, `body_framing`.
            ClientGoneError: the client is gone.
        """
        if self._peeked:
            peeked, self._peeked = self._peeked, b""
            return peeked
        return await self._receive()

    def read_whole(self, most: int) -> bytes:
        """A body that announced its length, if all of it is here and at most `most` bytes; otherwise nothing."""
        content = self._arriving
        if self.head.chunked or not content.is_eof() or content.total_bytes > most or content.exception() is not None:
            return b""
        peeked, self._peeked = self._peeked, b""
        rest = content.read_nowait()
        self.received += len(rest)
        return peeked + rest

    async def _receive(self) -> bytes:
        if self._continue_due:
            self._send_continue()
        try:
            chunk = b"" if self._body.at_eof() else self._body.read_nowait() or await self._arrival()
        except web.RequestPayloadError as error:
            raise self._broken() from error
        except ConnectionError as error:
            raise ClientGoneError from error
        self.received += len(chunk)
        return chunk

    async def _arrival(self) -> bytes:
        """The next bytes, which are not here yet."""
        settings, began, body = self._settings, self._clock(), self._straight()
        deadline = Deadline(settings.idle_timeout, settings.min_rate, settings.max_duration)
        patience = deadline.patience(waited=self.waited, elapsed=began - self._began, moved=self.received)
        try:
            async with asyncio.timeout(patience):
                return await body.readany()
        except TimeoutError:
            lasted = self._clock() - self._began
            raise RefusedError(reasons.BODY_TOO_SLOW, f"{self.received} bytes in {lasted:.1f} s") from None
        finally:
            self.waited += self._clock() - began

    def _straight(self) -> StreamReader | Inlet:
        """The body; from its first wait on straight from the socket where that gains anything."""
        body = self._body
        if not isinstance(body, Inlet) and not self.head.chunked:
            self._body = body = self.connection.inlet() or body
        return body

    def _broken(self) -> Exception:
        """A body that ends early is a client gone; one that is still there is framed wrongly."""
        if self.connection.transport is None:
            return ClientGoneError()
        return RefusedError(reasons.BODY_FRAMING, "bytes that are no chunk")

    async def write(self, data: bytes) -> None:
        """Send some bytes of the answer.

        Raises:
            ClientGoneError: the client is gone, or did not read for too long.
        """
        transport = self.connection.transport
        if transport is None or transport.is_closing():
            raise ClientGoneError
        self.answering = self.connection.answering = True
        self.connection.is_silent = False
        transport.write(data)
        self._written += len(data)
        if self.connection.writing_paused:
            await self._drain(transport)

    async def _drain(self, transport: asyncio.Transport) -> None:
        began = self._clock()
        deadline = Deadline(self._settings.write_timeout, self._settings.min_rate, math.inf)
        try:
            await Taking(transport, deadline, waited=self._stalled, written=self._written).over(drain(self.connection))
        except (TimeoutError, ConnectionError) as error:
            self.abort()
            raise ClientGoneError from error
        finally:
            stalled = self._clock() - began
            self._stalled += stalled
            self.waited += stalled

    def end_answer(self) -> None:
        """Say that nothing follows on the connection: its end can be that of the answer. TLS cannot say it so early."""
        if self.connection.transport is not None:
            half_close(self.connection.transport)

    async def linger(self) -> None:
        """Throw the rest of the body away, so that a client which sends first reads our answer afterwards.

        Closing on unread bytes would reset the connection, and the answer would be lost on its way (RFC 9112,
        section 9.6). Bounded in time and bytes, as the sender may be hostile.
        """
        transport = self.connection.transport
        timeout = self._settings.linger_timeout
        if transport is None or self.body_is_read or not self.answering or not timeout:
            return
        half_close(transport)
        with contextlib.suppress(TimeoutError, ConnectionError):
            async with asyncio.timeout(timeout):
                await self._throw_away(self._settings.linger_bytes)

    async def _throw_away(self, left: int) -> None:
        """Read so many bytes; of a body that is framed wrongly there is no end but that of the connection."""
        try:
            while left > 0 and (chunk := await self._body.readany()):
                left -= len(chunk)
        except web.RequestPayloadError:
            self.connection.forget()
            await asyncio.sleep(self._settings.linger_timeout)

    def _send_continue(self) -> None:
        """Answer `Expect: 100-continue` ourselves once the head was judged (RFC 9110, section 10.1.1)."""
        self._continue_due = False
        transport = self.connection.transport
        if transport is not None and not self.answering and not self._arriving.total_bytes:
            transport.write(_CONTINUE)

    def abort(self) -> None:
        """Reset the connection, so that a cut answer cannot look complete."""
        transport = self.connection.transport
        if transport is not None:
            reset(transport)
