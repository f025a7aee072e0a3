"""How an instance stops serving without cutting anybody: asked for by a signal, or by whoever calls the drain port."""

import asyncio
from collections.abc import Callable
from typing import Protocol

from sidecar.policy.settings.model import Drain as DrainSettings


class Traffic(Protocol):
    """What a drain waits for."""

    def end_keep_alive(self) -> None:
        """From now on every answer ends its connection."""

    def close_idle(self) -> None:
        """Close the connections on which nothing is under way."""

    def resume(self) -> None:
        """Undo `end_keep_alive`."""

    async def stop_accepting(self) -> None:
        """Close the listener for good."""

    async def drained(self, patience: float) -> int:
        """Wait until nothing is under way; how many exchanges were when time was up."""


class Drain:
    """One drain at a time, shared by all who ask for it.

    Attributes:
        under_way: readiness fails.
        stopping: for good.
    """

    def __init__(self, settings: Callable[[], DrainSettings], traffic: Traffic) -> None:
        self.under_way = False
        self.stopping = False
        self._settings = settings
        self._traffic = traffic
        self._waiting: asyncio.Task[int] | None = None
        self._lease: asyncio.TimerHandle | None = None
        self._accepted_long_enough = False

    async def ask(self) -> int:
        """Drain and go on listening; how many exchanges were still under way when time was up.

        Every call renews the lease, after whose end the instance serves as before.
        """
        if self._waiting is None or self._waiting.done():
            self._waiting = asyncio.create_task(self._drain(), name="drain")
        self._renew_lease()
        return await asyncio.shield(self._waiting)

    async def stop(self, *, accept_for: float) -> int:
        """Drain for good; how many exchanges were still under way when time was up.

        A drain that somebody asked for before has gone on accepting already, so this one does not again.
        """
        self.stopping = True
        self._cancel_lease()
        await self._accept_on(accept_for)
        await self._traffic.stop_accepting()
        left = await self._traffic.drained(self._settings().timeout)
        await self._end_waiting()
        return left

    async def _drain(self) -> int:
        settings = self._settings()
        await self._accept_on(settings.accept_for)
        return await self._traffic.drained(settings.timeout)

    async def _accept_on(self, seconds: float) -> None:
        """Leave clients with requests time to learn from an answer that their connection ends.

        A connection that is closed unannounced can meet a request on its way (RFC 9112, section 9.6).
        """
        self.under_way = True
        self._traffic.end_keep_alive()
        if not self._accepted_long_enough:
            await asyncio.sleep(seconds)
        self._accepted_long_enough = True
        self._traffic.close_idle()

    def _renew_lease(self) -> None:
        self._cancel_lease()
        if not self.stopping:
            self._lease = asyncio.get_running_loop().call_later(self._settings().lease, self._undo)

    def _cancel_lease(self) -> None:
        if self._lease is not None:
            self._lease.cancel()
            self._lease = None

    def _undo(self) -> None:
        """The process was not stopped: whoever asked has changed their mind, or is gone."""
        self._lease = None
        if self._waiting is not None and not self._waiting.done():
            self._renew_lease()
            return
        self.under_way = self._accepted_long_enough = False
        self._waiting = None
        self._traffic.resume()

    async def _end_waiting(self) -> None:
        """Let those who asked have their answer."""
        if self._waiting is not None:
            await asyncio.wait({self._waiting}, timeout=1.0)
            self._waiting.cancel()
