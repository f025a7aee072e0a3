"""The listener for clients: accepts, hands each request to an Exchange, and tells what is under way."""

import asyncio
import secrets
from collections.abc import Callable
from typing import Final

from sidecar.inspection.finding import Finding
from sidecar.inspection.reason import Reason
from sidecar.policy.settings.model import Client as ClientSettings
from sidecar.proxy.downstream.connections import Connections
from sidecar.proxy.downstream.listener import Listener, listen
from sidecar.proxy.downstream.received import Received, Sent
from sidecar.proxy.exchange import refusal
from sidecar.proxy.exchange.exchange import Means
from sidecar.proxy.http.forwarded import caller_of
from sidecar.proxy.http.head_errors import reason_of, words
from sidecar.proxy.sockets.tls import Renewed
from sidecar.proxy.ways.conduct import conduct
from sidecar.telemetry.outcome import Outcome

_CLOSE_TIMEOUT: Final = 0.5
"""Seconds for what is left at the end: connections that linger behind an answer which was sent."""


class ProxyServer:
    """Accepts connections until it is told to stop (`Traffic` of a drain).

    Attributes:
        in_flight: exchanges under way.
        ends_keep_alive: every answer ends its connection.
    """

    def __init__(self, means: Means) -> None:
        self.in_flight = 0
        self.ends_keep_alive = False
        self._means = means
        self._idle = asyncio.Event()
        self._idle.set()
        self._listener: Listener | None = None
        self._connections: Connections | None = None

    async def start(self, address: str) -> str:
        """Listen; the address with the port that was given for port 0.

        Raises:
            ListenError: the address is taken, or not ours.
        """
        self._connections = Connections(self._handle, self._answer_malformed, self._patience, self._means.admission)
        self._listener = await listen(self._connections, address, self._means.live.current.config.tls)
        return self._listener.address

    @property
    def trust(self) -> Renewed | None:
        """The files of TLS for clients, None without it."""
        return None if self._listener is None else self._listener.trust

    def _patience(self) -> ClientSettings:
        return self._means.live.current.config.client

    async def _handle(self, received: Received) -> Sent:
        self.in_flight += 1
        self._idle.clear()
        try:
            return await conduct(received, self._means)
        finally:
            self.in_flight -= 1
            if not self.in_flight:
                self._idle.set()

    def _answer_malformed(self, status: int, error: BaseException | None, peername: object) -> bytes:
        """The whole answer to what aiohttp could not parse, or waited for too long."""
        reason = reason_of(status, error)
        outcome = Outcome(secrets.token_hex(16), "default", "other", "", status=reason.status, error=reason.code)
        # Of a head that nobody could read no hop is believed.
        outcome.client = caller_of(peername, b"", tls=False).address
        self._means.report(outcome)
        finding = Finding(reason, words(error))
        return refusal.answer(finding, outcome.request_id, version=(1, 1), keep_alive=False)

    def end_keep_alive(self) -> None:
        """From now on every answer ends its connection."""
        self.ends_keep_alive = True

    def close_idle(self) -> None:
        """Close the connections on which nothing is under way."""
        if self._connections is not None:
            self._connections.close_idle()

    def resume(self) -> None:
        """Keep connections again."""
        self.ends_keep_alive = False

    async def stop_accepting(self) -> None:
        """Close the listener and all idle connections; what is under way goes on."""
        listener, self._listener = self._listener, None
        if listener is not None:
            await listener.drain()
        self.end_keep_alive()
        self.close_idle()

    async def drained(self, patience: float) -> int:
        """Wait until nothing is under way; how many exchanges were still under way when time was up."""
        try:
            async with asyncio.timeout(patience):
                if self._connections is not None:
                    await self._connections.heads()
                await self._idle.wait()
        except TimeoutError:
            return self.in_flight
        return 0

    async def close(self) -> None:
        """Cut what is left."""
        await self.stop_accepting()
        if self._connections is not None:
            await self._connections.shutdown(_CLOSE_TIMEOUT)


def turn_away(reason: Reason, count: Callable[[str], None], retry_after: float) -> bytes:
    """Count a connection that is not taken on, and tell it why."""
    count(reason.code)
    finding = Finding(reason)
    return refusal.answer(finding, secrets.token_hex(16), version=(1, 1), keep_alive=False, retry_after=retry_after)
