"""One connection of a client: aiohttp's, but for the answer to what is not HTTP, its deadlines and a gate."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final, cast

from aiohttp import web

from sidecar.proxy.closing import half_close
from sidecar.proxy.expiry import Expiry
from sidecar.proxy.gate import ErrorWriter, Gate, Patience
from sidecar.proxy.head_errors import line_limits
from sidecar.proxy.head_first import HeadFirst
from sidecar.proxy.socket_room import bound_unsent

if TYPE_CHECKING:
    from sidecar.proxy.aiohttp_compat import Server

_REQUEST_TIMEOUT: Final = 408
_MALFORMED_LINGER: Final = 2.0
"""Seconds that a connection is read on behind the answer to what is not HTTP."""

Linger = Callable[[], Awaitable[None]]


async def _nothing() -> None:
    """No body is left behind the answer."""


class Sent:
    """A response that the handler has already written to the transport.

    aiohttp's own writer deletes bytes that are not UTF-8, so heads are written by us.
    """

    __slots__ = ("_linger", "keep_alive")

    def __init__(self, *, keep_alive: bool, linger: Linger = _nothing) -> None:
        self.keep_alive = keep_alive
        self._linger = linger

    async def prepare(self, _request: web.BaseRequest) -> None:
        """Nothing is left to do."""

    async def write_eof(self) -> None:
        """Wait until the connection may be closed."""
        await self._linger()


Handler = Callable[[web.BaseRequest], Awaitable[Sent]]


class Connection(HeadFirst):
    """From the moment it is made to its end, with a deadline whenever it waits for a head."""

    __slots__ = ("_discarding", "_error_writer", "_expiry", "_gate", "_heads", "_idle", "_peer")

    def __init__(
        self,
        server: "Server",
        error_writer: ErrorWriter,
        patience: Patience,
        gate: Gate,
        **options: Any,  # noqa: ANN401
    ) -> None:
        line, field = line_limits(patience.max_line)
        options |= {"max_line_size": line, "max_field_size": field, "max_headers": patience.max_fields}
        super().__init__(server, keepalive_timeout=0, **options)  # its timer would ask for its task
        self._error_writer = error_writer
        self._gate = gate
        self._heads = server.expiry(patience.head_timeout)
        self._idle = server.expiry(patience.keep_alive)
        self._expiry: Expiry | None = None
        self._discarding = False
        self._peer: tuple[object, bool] | None = None

    @property
    def peer(self) -> tuple[object, bool]:
        """The name of the other end's socket, and whether TLS leads to it; the kernel is asked once."""
        if self._peer is None and self.transport is not None:
            told = self.transport.get_extra_info
            self._peer = told("peername"), told("sslcontext") is not None
        return self._peer or (None, False)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin, and expect a head soon: nobody opens a connection to say nothing."""
        stranger = self._gate.entered()
        if stranger is not None:
            cast("asyncio.Transport", transport).set_protocol(stranger)
            stranger.connection_made(transport)
            return
        super().connection_made(transport)
        bound_unsent(transport)
        self._wait(self._heads)

    def data_received(self, data: bytes) -> None:
        """Take bytes in, and see whether a head is under way."""
        if self._discarding:
            return
        super().data_received(data)
        if self._messages or self._request_in_progress:
            self._wait(None)
            self.serve_on()
        elif self._expiry is not self._heads:
            self._wait(self._heads)

    def rest(self) -> None:
        """Wait for the next request, which may have begun to arrive."""
        super().rest()
        self._wait(self._heads if self.is_in_head else self._idle)

    def connection_lost(self, exc: BaseException | None) -> None:
        """End, with the deadline."""
        self._wait(None)
        self._gate.left()
        super().connection_lost(exc)

    def _wait(self, expiry: Expiry | None) -> None:
        """Begin to wait, or wait no more."""
        if self._expiry is not None:
            self._expiry.remove(self)
        self._expiry = expiry
        if expiry is not None:
            expiry.add(self)

    def expired(self) -> None:
        """Tell a client that is in the middle of a head; one that said nothing is closed without a word."""
        self._expiry = None
        if self.is_in_head and self.transport is not None:
            self.transport.write(self._error_writer(_REQUEST_TIMEOUT, None))
        self.force_close()

    @property
    def is_idle(self) -> bool:
        """Whether no request is under way or waiting."""
        return not self._request_in_progress and not self._messages

    def handle_error(
        self,
        request: web.BaseRequest,  # noqa: ARG002 - the signature is aiohttp's
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002 - it echoes the input
    ) -> web.StreamResponse:
        """Answer what is not HTTP; aiohttp's own answer echoes the input."""
        if self.transport is not None:
            self.transport.write(self._error_writer(status, exc))
        self._discarding = True
        return cast("web.StreamResponse", Sent(keep_alive=False, linger=self._discard))

    async def _discard(self) -> None:
        """Let the client read the answer; what it still sends would reset the connection, and the answer with it."""
        if self.transport is not None and half_close(self.transport):
            await asyncio.sleep(_MALFORMED_LINGER)
