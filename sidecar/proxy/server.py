"""The listener for clients: accepts, hands each request to an Exchange, drains."""

import asyncio
import logging
import secrets
from typing import Final

from aiohttp import web

from sidecar.inspection.finding import Finding
from sidecar.policy.model import Client as ClientSettings
from sidecar.proxy import reasons, refusal
from sidecar.proxy.aiohttp_compat import Sent, Server, is_head_too_large
from sidecar.proxy.exchange import Means
from sidecar.proxy.listener import listen
from sidecar.proxy.ways.conduct import conduct
from sidecar.telemetry.outcome import Outcome

_log: Final = logging.getLogger("sidecar.server")
_CLOSE_TIMEOUT: Final = 0.1
"""Seconds for what is left at the end: connections that linger behind an answer which was sent."""


class ProxyServer:
    """Accepts connections until it drains.

    Attributes:
        in_flight: exchanges under way.
        draining: new requests end their connection.
    """

    def __init__(self, settings: ClientSettings) -> None:
        self.in_flight = 0
        self.draining = False
        self._settings = settings
        self._idle = asyncio.Event()
        self._idle.set()
        self._means: Means | None = None
        self._listener: asyncio.Server | None = None
        self._server: Server | None = None

    async def start(self, means: Means, address: str) -> str:
        """Listen; the address with the port that was given for port 0.

        Raises:
            ListenError: the address is taken, or not ours.
        """
        self._means = means
        self._server = Server(
            self._handle,
            self._answer_malformed,
            head_timeout=self._settings.head_timeout,
            keep_alive=self._settings.keep_alive,
        )
        self._listener, bound = await listen(self._server, address)
        return bound

    async def _handle(self, request: web.BaseRequest) -> Sent:
        if self._means is None:
            raise RuntimeError("not started")
        self.in_flight += 1
        self._idle.clear()
        try:
            return await conduct(request, self._means)
        finally:
            self.in_flight -= 1
            if not self.in_flight:
                self._idle.set()

    def _answer_malformed(self, status: int, error: BaseException | None) -> bytes:
        """The whole answer to what aiohttp could not parse."""
        if status >= 500:  # noqa: PLR2004 - a bug of ours, not of the client
            _log.error("unexpected error in the server", exc_info=error)
            reason = reasons.INTERNAL
        else:
            reason = reasons.HEAD_TOO_LARGE if is_head_too_large(error) else reasons.HEAD_MALFORMED
        outcome = Outcome(secrets.token_hex(16), "default", "other", "", status=reason.status, error=reason.code)
        if self._means is not None:
            self._means.report(outcome)
        finding = Finding(reason, type(error).__name__ if error else "")
        return refusal.answer(finding, outcome.request_id, version=(1, 1), keep_alive=False)

    def stop_accepting(self) -> None:
        """Close the listener and all idle connections; what is under way goes on."""
        self.draining = True
        if self._listener is not None:
            self._listener.close()
        if self._server is not None:
            self._server.close_idle()

    async def drained(self, patience: float) -> int:
        """Wait until nothing is under way; how many exchanges were still under way when time was up."""
        try:
            async with asyncio.timeout(patience):
                await self._idle.wait()
        except TimeoutError:
            return self.in_flight
        return 0

    async def close(self) -> None:
        """Cut what is left."""
        self.stop_accepting()
        if self._server is not None:
            await self._server.shutdown(_CLOSE_TIMEOUT)
