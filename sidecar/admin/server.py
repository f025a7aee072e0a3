"""Listens for operators."""

import asyncio
import time
from collections.abc import Callable

from sidecar.admin.app import AdminApp
from sidecar.admin.control import Control
from sidecar.admin.port import Port
from sidecar.admin.state import AdminState


class AdminServer:
    """Serves the admin port from `start` to `close`; `clock` gives Unix time."""

    def __init__(
        self, state: AdminState, clock: Callable[[], float] = time.time, control: Control | None = None
    ) -> None:
        self._app = AdminApp(state, clock, control)
        self._port = Port(self._app.answer, keep_alive=75.0)
        self._watch: asyncio.Task[None] | None = None

    async def start(self, address: str) -> str:
        """Listens; the address with the port that was given for port 0.

        Raises:
            ListenError: the address is taken, or not ours.
        """
        bound = await self._port.start(address)
        self._watch = asyncio.create_task(self._app.watch(), name="watch the last hour")
        return bound

    async def close(self) -> None:
        """Ends every connection."""
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.wait({self._watch})
        await self._port.close()
