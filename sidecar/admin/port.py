"""A port for operators: few connections, whose requests a handler of aiohttp's answers."""

from typing import Final

from aiohttp import web

from sidecar.admin.few_connections import FewConnections
from sidecar.admin.security import FIELDS
from sidecar.admin.web_handler import WebHandler, on_aiohttp
from sidecar.policy.settings.model import Client as ClientSettings
from sidecar.proxy.downstream.listener import Listener, listen

_CLOSE_TIMEOUT: Final = 1.0


class Port:
    """Serves from `start` to `close`."""

    def __init__(self, handler: WebHandler, *, keep_alive: float) -> None:
        """Nobody listens yet.

        Args:
            handler: answers.
            keep_alive: seconds that a connection may wait for its next request.
        """
        self._handler = on_aiohttp(handler)
        self._patience = ClientSettings(head_timeout=10.0, keep_alive=keep_alive, min_rate=0)
        self._connections: FewConnections | None = None
        self._listener: Listener | None = None

    async def start(self, address: str) -> str:
        """Listen; the address with the port that was given for port 0.

        Raises:
            ListenError: the address is taken, or not ours.
        """
        self._connections = FewConnections(self._handler, malformed, lambda: self._patience)
        self._listener = await listen(self._connections, address)
        return self._listener.address

    async def close(self) -> None:
        """End every connection."""
        if self._listener is not None:
            self._listener.close()
        if self._connections is not None:
            await self._connections.shutdown(_CLOSE_TIMEOUT)


def malformed(status: int, _error: BaseException | None, _peername: object) -> bytes:
    """The whole answer to what is no HTTP request, or to one that we failed on; aiohttp's own would echo it."""
    failed = status >= web.HTTPInternalServerError.status_code
    line = b"500 Internal Server Error" if failed else b"400 Bad Request"
    text = b"the admin port failed; the log tells why" if failed else b"this is not an HTTP request"
    body = b'{"status": %b, "error": "%b"}' % (line[:3], text)
    fields = {**FIELDS, "Content-Type": "application/json", "Content-Length": str(len(body)), "Connection": "close"}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return b"HTTP/1.1 %b\r\n%b\r\n%b" % (line, head.encode("ascii"), body)
