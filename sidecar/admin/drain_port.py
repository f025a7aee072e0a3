"""The port on which somebody asks for a drain: one path, which answers when nothing is under way.

The kubelet calls it for the preStop hook of the service's container, with GET and from the node: so it has a port of
its own, offers nothing else, and undoes itself (`drain.lease`).
"""

from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

from sidecar.admin.app import malformed
from sidecar.admin.few_connections import FewConnections
from sidecar.admin.security import json_answer
from sidecar.admin.web_handler import on_aiohttp
from sidecar.policy.settings.model import Client as ClientSettings
from sidecar.proxy.downstream.listener import Listener, listen

PATH: Final = "/drain"
_METHODS: Final = ("GET", "POST")
_PATIENCE: Final = ClientSettings(head_timeout=10.0, keep_alive=5.0, min_rate=0)
_CLOSE_TIMEOUT: Final = 1.0


class DrainServer:
    """Serves from `start` to `close`.

    `drain` drains, and gives how many exchanges were still under way when time was up.
    """

    def __init__(self, drain: Callable[[], Awaitable[int]]) -> None:
        self._drain = drain
        self._connections: FewConnections | None = None
        self._listener: Listener | None = None

    async def start(self, address: str) -> str:
        """Listen; the address with the port that was given for port 0.

        Raises:
            ListenError: the address is taken, or not ours.
        """
        self._connections = FewConnections(on_aiohttp(self._answer), malformed, lambda: _PATIENCE)
        self._listener = await listen(self._connections, address)
        return self._listener.address

    async def _answer(self, request: web.BaseRequest) -> web.Response:
        if request.path != PATH:
            return json_answer({"status": 404, "error": "there is nothing at this path", "paths": [PATH]}, 404)
        if request.method not in _METHODS:
            allow = {"Allow": ", ".join(_METHODS)}
            return json_answer(
                {"status": 405, "error": "this method is not offered here", "methods": _METHODS}, 405, allow
            )
        left = await self._drain()
        return json_answer({"status": "timeout" if left else "drained", "in_flight": left})

    async def close(self) -> None:
        """End every connection."""
        if self._listener is not None:
            self._listener.close()
        if self._connections is not None:
            await self._connections.shutdown(_CLOSE_TIMEOUT)
