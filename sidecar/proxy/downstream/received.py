"""A request as a connection hands it on, and what it is told of the answer."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, NamedTuple

from aiohttp.http_parser import RawRequestMessage
from aiohttp.streams import StreamReader

if TYPE_CHECKING:
    from sidecar.proxy.downstream.connection import Connection

Linger = Callable[[], Awaitable[None]]


async def _nothing() -> None:
    """No body is left behind the answer."""


class Sent(NamedTuple):
    """An answer that the handler has written to the transport."""

    keep_alive: bool
    linger: Linger = _nothing
    """Waits until the connection may be closed."""


class Received(NamedTuple):
    """A request whose head is complete."""

    message: RawRequestMessage
    body: StreamReader
    connection: "Connection"


Handler = Callable[[Received], Awaitable[Sent]]
