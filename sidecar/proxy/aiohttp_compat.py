"""All that the proxy asks of aiohttp beyond its documented API, with a self-test at start.

Each name stands with the behaviour that makes it necessary. When the pin in pyproject.toml moves, the self-test and
`tests/proxy/test_aiohttp_compat.py` say what to look at.
"""

import asyncio
from collections.abc import Callable
from typing import Any, Final, cast

import aiohttp
from aiohttp import connector, http_parser, web
from aiohttp.base_protocol import BaseProtocol
from aiohttp.http import HttpVersion
from aiohttp.streams import StreamReader
from aiohttp.web_protocol import RequestHandler

from sidecar.proxy.connection import Connection, Handler, Sent
from sidecar.proxy.expiry import Expiry
from sidecar.proxy.gate import ErrorWriter, Gate, OpenGate, Patience
from sidecar.proxy.serving import SERVING_NAMES
from sidecar.proxy.switching import PRIVATE_NAMES

MAX_LINE: Final = 8190
MAX_FIELDS: Final = 128
CLIENT_TLS: Final = ("_SSL_CONTEXT_VERIFIED", "_SSL_CONTEXT_UNVERIFIED")


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
        RequestHandler: (
            *("handle_error", "data_received", "force_close", "start", "_request_in_progress"),
            *PRIVATE_NAMES,
            *SERVING_NAMES,
        ),
        BaseProtocol: (
            "_buffer_paused",
            "_drain_helper",
            "_reading_paused",
            "pause_reading",
            "resume_reading",
            "writing_paused",
        ),
    }
    for owner, names in wanted.items():
        for name in names:
            if not hasattr(owner, name):
                raise IncompatibleError(f"aiohttp {aiohttp.__version__} has no {owner.__name__}.{name} any more")


def forget_client_tls() -> None:
    """Let go of what aiohttp's client keeps for TLS: 1.6 MB of certificates, made when it is imported.

    The client cannot speak TLS in this process any more; nothing here uses it.
    """
    for name in CLIENT_TLS:
        if hasattr(connector, name):
            delattr(connector, name)


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
        self._expiries: dict[float, Expiry] = {}

    def expiry(self, seconds: float) -> Expiry:
        """The one that ends those with this patience."""
        found = self._expiries.get(seconds)
        if found is None:
            found = self._expiries[seconds] = Expiry(seconds, self._loop)
        return found

    async def shutdown(self, timeout: float | None = None) -> None:  # noqa: ASYNC109 - the signature is aiohttp's
        """End all connections, and the deadlines with them."""
        await super().shutdown(timeout)
        for expiry in self._expiries.values():
            expiry.stop()

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
    "BaseProtocol", "Connection", "Handler", "HttpVersion", "IncompatibleError", "Sent", "Server", "StreamReader",
    "forget_client_tls", "raw_target", "require_c_parser", "response_parser", "self_test",
]  # fmt: skip
