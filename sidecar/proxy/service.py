"""The service behind: where it is, and connections to it, reused only where nobody can be harmed."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from sidecar.policy.model import Upstream as UpstreamSettings
from sidecar.proxy import reasons
from sidecar.proxy.reasons import RefusedError
from sidecar.proxy.upstream import UpstreamConnection

_log: Final = logging.getLogger("sidecar.upstream")
_IDLE_MOST: Final = 32
_IDLE_SECONDS: Final = 4.0
"""Under the keep-alive time of common servers (uvicorn and Node: 5 s), so that they seldom close first."""


class Service:
    """Gives connections to the service and takes them back.

    A request with a body always gets a fresh connection: it cannot be sent twice, and a pooled one may be stale
    (measured: 19 of 60 uploads lost) or poisoned.
    """

    def __init__(self, settings: UpstreamSettings, clock: Callable[[], float]) -> None:
        self._settings = settings
        self._clock = clock
        self._idle: deque[tuple[UpstreamConnection, float]] = deque()
        self._closed = False
        parts = urlsplit(settings.url)
        self._socket_path = parts.path if parts.scheme == "unix" else None
        self._host = parts.hostname or ""
        self._port = parts.port or 80
        self.authority = (parts.netloc or "localhost").encode("ascii")

    async def connect(self) -> UpstreamConnection:
        """A fresh connection.

        Raises:
            RefusedError: `upstream_unreachable`.
        """
        try:
            async with asyncio.timeout(self._settings.connect_timeout):
                return await self._dial()
        except TimeoutError:
            raise RefusedError(
                reasons.UPSTREAM_UNREACHABLE, f"no connection within {self._settings.connect_timeout:g} s"
            ) from None
        except OSError as error:
            _log.warning("cannot connect to %s: %s", self._settings.url, error)
            raise RefusedError(reasons.UPSTREAM_UNREACHABLE, type(error).__name__) from error

    async def _dial(self) -> UpstreamConnection:
        loop = asyncio.get_running_loop()

        def make() -> UpstreamConnection:
            return UpstreamConnection(self._settings, self._clock)

        if self._socket_path is not None:
            return (await loop.create_unix_connection(make, self._socket_path))[1]
        return (await loop.create_connection(make, self._host, self._port))[1]

    def idle_connection(self) -> UpstreamConnection | None:
        """A connection from an earlier exchange that nothing has happened to, or None."""
        while self._idle:
            connection, since = self._idle.pop()
            if connection.reusable and self._clock() - since < _IDLE_SECONDS:
                return connection
            connection.close()
        return None

    def release(self, connection: UpstreamConnection) -> None:
        """Take a connection back after a complete exchange."""
        connection.end()
        if self._closed or not connection.reusable:
            connection.close()
            return
        self._idle.append((connection, self._clock()))
        if len(self._idle) > _IDLE_MOST:
            self._idle.popleft()[0].close()

    def close(self) -> None:
        """Close all idle connections, and from now on each that comes back."""
        self._closed = True
        while self._idle:
            self._idle.pop()[0].close()
