"""What stands beside the traffic: the admin port, the drain port, and the watch over the configuration's file."""

import asyncio
from collections.abc import Awaitable, Callable

from sidecar.admin.control import Control
from sidecar.admin.drain_port import drain_port
from sidecar.admin.server import AdminServer
from sidecar.admin.state import AdminState
from sidecar.policy.settings.model import Config
from sidecar.proxy.control.live import Live


async def _at_once() -> None:
    """What is in force here is in force."""


class Operators:
    """From `start` to `close`.

    Attributes:
        admin_address: where operators look.
        drain_address: where a drain can be asked for, empty if nowhere.
    """

    def __init__(
        self,
        state: AdminState,
        live: Live,
        drain: Callable[[], Awaitable[int]],
        applied: Callable[[], Awaitable[None]] = _at_once,
    ) -> None:
        self.admin_address = ""
        self.drain_address = ""
        self._admin = AdminServer(state, control=Control(live, applied))
        self._drain = drain_port(drain)
        self._live = live
        self._watch: asyncio.Task[None] | None = None

    async def start(self, config: Config) -> None:
        """Listen.

        Raises:
            ListenError: an address cannot be had.
        """
        self.admin_address = await self._admin.start(config.admin.listen)
        if config.drain.listen is not None:
            self.drain_address = await self._drain.start(config.drain.listen)

    async def watch(self) -> None:
        """From now on take changes of the file in; what decided the mode is told when this returns."""
        self._watch = asyncio.create_task(self._live.watch(), name="watch configuration")
        await asyncio.sleep(0)

    async def close(self) -> None:
        """End all of it."""
        await self._drain.close()
        await self._admin.close()
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.wait({self._watch})
