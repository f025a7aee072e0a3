"""All that the proxy asks of aiohttp beyond its documented API, with a self-test at start.

Each name stands with the behaviour that makes it necessary. When the pin in pyproject.toml moves, the self-test and
`tests/proxy/test_aiohttp_compat.py` say what to look at.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final, cast

import aiohttp
from aiohttp import http_parser, web
from aiohttp.base_protocol import BaseProtocol
from aiohttp.http import HttpVersion
from aiohttp.streams import StreamReader
from aiohttp.web_protocol import RequestHandler

from sidecar.proxy.closing import half_close
from sidecar.proxy.gate import ErrorWriter, Gate, OpenGate, Patience
from sidecar.proxy.head_errors import line_limits
from sidecar.proxy.head_first import HeadFirst
from sidecar.proxy.message_queue import MessageQueue
from sidecar.proxy.socket_room import bound_unsent
from sidecar.proxy.switching import PRIVATE_NAMES

MAX_LINE: Final = 8190
MAX_FIELDS: Final = 128
_REQUEST_TIMEOUT: Final = 408
_MALFORMED_LINGER: Final = 2.0
"""Seconds that a connection is read on behind the answer to what is not HTTP."""


class IncompatibleError(Exception):
    """The installed aiohttp is not one that the proxy can stand on."""


def require_c_parser() -> None:
    """Refuse to start without aiohttp's C parser.

    The pure-Python one reads some heads differently (it forwards a Content-Length of 23 digits), so the two must not
    take turns.

    Raises:
        IncompatibleError: what was found and what to do.
    """
    if http_parser.HttpRequestParser.__module__ != "aiohttp._http_parser":
        raise IncompatibleError(
            f"aiohttp {aiohttp.__version__} has no C parser here; expected its compiled extensions. "
            "Install a wheel for this platform and unset AIOHTTP_NO_EXTENSIONS."
        )


def self_test() -> None:
    """Refuse to start if a private name that the proxy uses is gone.

    Raises:
        IncompatibleError: which one.
    """
    require_c_parser()
    wanted = {
        RequestHandler: ("handle_error", "data_received", "force_close", "_request_in_progress", *PRIVATE_NAMES),
        BaseProtocol: ("_drain_helper", "writing_paused", "pause_reading", "resume_reading"),
    }
    for owner, names in wanted.items():
        for name in names:
            if not hasattr(owner, name):
                raise IncompatibleError(f"aiohttp {aiohttp.__version__} has no {owner.__name__}.{name} any more")


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
        linger, self._linger = self._linger, _nothing  # an idle connection keeps its last response
        await linger()


Handler = Callable[[web.BaseRequest], Awaitable[Sent]]


class Connection(HeadFirst):
    """One client connection: aiohttp's, but for the answer to what is not HTTP, a deadline on heads and a gate."""

    __slots__ = ("_discarding", "_error_writer", "_gate", "_head_begun", "_head_timeout", "_head_timer")

    def __init__(
        self,
        server: "Server",
        error_writer: ErrorWriter,
        patience: Patience,
        gate: "Gate",
        **options: Any,  # noqa: ANN401
    ) -> None:
        line, field = line_limits(patience.max_line)
        options |= {"max_line_size": line, "max_field_size": field, "max_headers": patience.max_fields}
        super().__init__(server, keepalive_timeout=patience.keep_alive, **options)
        self._messages = cast("Any", MessageQueue())
        self._error_writer = error_writer
        self._gate = gate
        self._head_timeout = patience.head_timeout
        self._head_timer: asyncio.TimerHandle | None = None
        self._head_begun = False
        self._discarding = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin, and expect a head soon: nobody opens a connection to say nothing."""
        stranger = self._gate.entered()
        if stranger is not None:
            cast("asyncio.Transport", transport).set_protocol(stranger)
            stranger.connection_made(transport)
            return
        super().connection_made(transport)
        bound_unsent(transport)
        self._expect_head()

    def data_received(self, data: bytes) -> None:
        """Take bytes in, and see whether a head is under way."""
        if self._discarding:
            return
        super().data_received(data)
        if self._messages or self._request_in_progress:
            self._head_is_here()
            return
        self._head_begun = self._head_begun or bool(data)
        if self._head_timer is None:
            self._expect_head()

    def connection_lost(self, exc: BaseException | None) -> None:
        """End, with the timer."""
        self._head_is_here()
        self._gate.left()
        super().connection_lost(exc)

    def _expect_head(self) -> None:
        self._head_timer = self._loop.call_later(self._head_timeout, self._head_is_late)

    def _head_is_here(self) -> None:
        self._head_begun = False
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _head_is_late(self) -> None:
        """Tell a client that is in the middle of a head; one that said nothing is closed without a word."""
        self._head_timer = None
        if self._head_begun and self.transport is not None:
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


class Server(web.Server):
    """aiohttp's low-level server, making our connections.

    `patience` is asked for every new connection, so that a reload reaches it.
    """

    def __init__(
        self, handler: Handler, error_writer: ErrorWriter, patience: Callable[[], Patience], gate: Gate | None = None
    ) -> None:
        super().__init__(
            cast("Any", handler),
            handler_cancellation=True,  # a client that goes away ends its exchange
            access_log=None,
            auto_decompress=False,  # a decompressed body under the old Content-Length is cut
            lingering_time=0.0,  # `Sent` lingers, bounded in time and bytes
        )
        self._error_writer = error_writer
        self._patience = patience
        self._gate = gate or OpenGate()

    def close_idle(self) -> None:
        """Close those without a request; aiohttp's `pre_shutdown` also drops what is still arriving on the others."""
        for connection in self.connections:
            if isinstance(connection, Connection) and connection.is_idle:
                connection.force_close()

    def __call__(self) -> RequestHandler:
        """A protocol for a new connection."""
        options = {**self._kwargs, "loop": self._loop}
        return Connection(self, self._error_writer, self._patience(), self._gate, **options)


def raw_target(request: web.BaseRequest) -> bytes:
    """The request target byte for byte; yarl would rewrite it."""
    return request.raw_path.encode("utf-8", "surrogateescape")


def response_parser(protocol: BaseProtocol, loop: asyncio.AbstractEventLoop, *, with_body: bool) -> Any:  # noqa: ANN401
    """The C parser for one answer."""
    return http_parser.HttpResponseParser(
        protocol,
        loop,
        2**16,
        max_line_size=MAX_LINE,
        max_field_size=MAX_LINE,
        max_headers=MAX_FIELDS,
        payload_exception=aiohttp.ClientPayloadError,
        response_with_body=with_body,
        read_until_eof=True,
        auto_decompress=False,
    )


__all__ = [
    "BaseProtocol", "Connection", "HttpVersion", "IncompatibleError", "Sent", "Server", "StreamReader",
    "raw_target", "require_c_parser", "response_parser", "self_test",
]  # fmt: skip
