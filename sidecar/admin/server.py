"""Listens for operators."""

import asyncio

from aiohttp import web

from sidecar.admin.app import build
from sidecar.admin.state import AdminState
from sidecar.proxy.server import listen


class AdminServer:
    """Serves the admin port from `start` to `close`."""

    def __init__(self, state: AdminState) -> None:
        self._runner = web.AppRunner(build(state), access_log=None, handle_signals=False)
        self._listener: asyncio.Server | None = None

    async def start(self, address: str) -> str:
        """Listens; the address with the port that was given for port 0.

        Raises:
            ListenError: the address is taken, or not ours.
        """
        await self._runner.setup()
        if self._runner.server is None:
            raise RuntimeError("the runner has no server after its setup")
        self._listener, bound = await listen(self._runner.server, address)
        return bound

    async def close(self) -> None:
        """Ends every connection."""
        if self._listener is not None:
            self._listener.close()
        await self._runner.cleanup()
