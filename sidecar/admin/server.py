"""Listens for operators."""

import asyncio
import time
from collections.abc import Callable
from typing import Final

from sidecar.admin.app import AdminPort, malformed
from sidecar.admin.control import Control
from sidecar.admin.few_connections import FewConnections
from sidecar.admin.state import AdminState
from sidecar.admin.web_handler import on_aiohttp
from sidecar.policy.settings.model import Client as ClientSettings
from sidecar.proxy.downstream.listener import Listener, listen

_PATIENCE: Final = ClientSettings(head_timeout=10.0, keep_alive=75.0, min_rate=0)
_CLOSE_TIMEOUT: Final = 1.0


class AdminServer:
    """Serves the admin port from `start` to `close`; `clock` gives Unix time."""

    def __init__(
        self, state: AdminState, clock: Callable[[], float] = time.time, control: Control | None = None
    ) -> None:
        self._port = AdminPort(state, clock, control)
        self._connections: FewConnections | None = None
        self._listener: Listener | None = None
        self._watch: asyncio.Task[None] | None = None

    async def start(self, address: str) -> str:
        """Listens; the address with the port that was given for port 0.

        Raises:
            ListenError: the address is taken, or not ours.
        """
        self._connections = FewConnections(on_aiohttp(self._port.answer), malformed, lambda: _PATIENCE)
        self._listener = await listen(self._connections, address)
        self._watch = asyncio.create_task(self._port.watch(), name="watch the last hour")
        return self._listener.address

    async def close(self) -> None:
        """Ends every connection."""
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.wait({self._watch})
        if self._listener is not None:
            self._listener.close()
        if self._connections is not None:
            await self._connections.shutdown(_CLOSE_TIMEOUT)
