"""The service behind: where it is, and connections to it, reused only where nobody can be harmed."""

import asyncio
import logging
import math
import os
import ssl
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any, Final
from urllib.parse import urlsplit
from weakref import WeakSet

from sidecar.inspection.reason import Reason
from sidecar.policy.settings.model import Upstream as UpstreamSettings
from sidecar.policy.values.addresses import UnixAddress, parse_upstream, speaks_tls
from sidecar.proxy import reasons
from sidecar.proxy.reasons import RefusedError
from sidecar.proxy.sockets import descriptors, tls
from sidecar.proxy.sockets.dialling import dialled
from sidecar.proxy.sockets.expiry import Expiry
from sidecar.proxy.sockets.socket_room import bound_unread, bound_unsent, is_crowd
from sidecar.proxy.upstream.connection import UpstreamConnection
from sidecar.proxy.upstream.owned import Owned, Owner

_log: Final = logging.getLogger("sidecar.upstream")
_IDLE_MOST: Final = 32
_IDLE_BRIEFLY: Final = 1.0
"""For what cannot be sent twice: no server is known that gives up a connection so soon."""
_WARY: Final = 60.0
"""Seconds of fresh connections for what cannot be sent twice, once the service did give one up so soon."""
_IDLE_SECONDS: Final = 4.0
"""Under the keep-alive time of common servers (uvicorn and Node: 5 s), so that they seldom close first."""


class UnreachableError(RefusedError):
    """There is no connection; nothing was sent.

    Attributes:
        momentary: another attempt may fare better: the service was not there, rather than slow or not trusted.
    """

    def __init__(self, reason: Reason, actual: str, *, momentary: bool) -> None:
        super().__init__(reason, actual)
        self.momentary = momentary


class Service:
    """Gives connections to the service and takes them back.

    What cannot be sent twice goes on a connection that served within the last second, has said nothing since and is
    still open when it is asked; docs/adr/0006-uploads-reuse-connections.md has what was measured. A service that gives
    connections up sooner, as one does that restarts, gets fresh ones.

    Attributes:
        authority: how it is called in `Host`.
        trust: whose word it takes that this is the service; None without TLS.
    """

    def __init__(self, settings: UpstreamSettings, clock: Callable[[], float]) -> None:
        """Read what TLS needs.

        Raises:
            ConfigError: `upstream.ca` cannot be used.
        """
        self._settings = settings
        self._clock = clock
        self._idle: deque[tuple[UpstreamConnection, float]] = deque()
        self._owned = Owned()
        self._open: WeakSet[UpstreamConnection] = WeakSet()
        self._sweep: asyncio.TimerHandle | None = None
        self._patience: Expiry | None = None
        self._closed = False
        self._wary_until = -math.inf
        self._wrong = ""
        self._address = parse_upstream(settings.url)
        self.trust = tls.to_service(settings.ca) if speaks_tls(settings.url) else None
        self.authority = (urlsplit(settings.url).netloc or "localhost").encode("ascii")

    async def connect(self, tried: int = 0, *, again: bool = False) -> UpstreamConnection:
        """A fresh connection.

        Args:
            tried: how often that failed for the same request.
            again: another attempt is made where it may fare better.

        Raises:
            UnreachableError: `upstream_unreachable`, `upstream_untrusted`.
            RefusedError: `no_descriptors`.
        """
        patience = self._settings.connect_timeout
        try:
            async with asyncio.timeout(patience):
                connection = await self._dial()
        except TimeoutError as error:
            self._warn(error, tried)
            actual = f"no connection within {patience:g} s"
            raise UnreachableError(reasons.UPSTREAM_UNREACHABLE, actual, momentary=False) from None
        except ssl.SSLError as error:
            self._warn(error, tried)
            raise UnreachableError(reasons.UPSTREAM_UNTRUSTED, _fault(error), momentary=False) from error
        except OSError as error:
            raise self._not_there(error, tried, again=again) from error
        self._connected()
        return connection

    def _not_there(self, error: OSError, tried: int, *, again: bool) -> RefusedError:
        """What is told of a service that took no connection; the log waits for the last attempt."""
        short = descriptors.are_short(error)
        if short or not again:
            self._warn(error, tried)
        if short:
            return RefusedError(reasons.NO_DESCRIPTORS, error.strerror or "")
        # Its own words may hold the address.
        actual = os.strerror(error.errno) if error.errno and error.errno > 0 else "no connection"
        return UnreachableError(reasons.UPSTREAM_UNREACHABLE, actual, momentary=True)

    def _warn(self, error: Exception, tried: int) -> None:
        """Say it once: the line of each request that fails tells that it is still so, and how often it was tried."""
        wrong = str(error) or "it took too long"
        if wrong != self._wrong:
            _log.warning("cannot connect to %s: %s (attempts: %d)", self._settings.url, wrong, tried + 1)
        self._wrong = wrong

    def _connected(self) -> None:
        if self._wrong:
            _log.info("connected to %s again", self._settings.url)
        self._wrong = ""

    async def _dial(self) -> UpstreamConnection:
        loop = asyncio.get_running_loop()
        patience = self._patience = self._patience or Expiry(self._settings.answer_timeout, loop)

        def make() -> UpstreamConnection:
            return UpstreamConnection(self._settings, self._clock, patience)

        if isinstance(self._address, UnixAddress):
            return (await loop.create_unix_connection(make, self._address.path))[1]
        host, port, connections = self._address.host, self._address.port, len(self._open) + 1
        if is_crowd(connections):  # otherwise the loop dials for half of the processor
            sock = await dialled(host, port, partial(bound_unread, connections=connections))
            transport, connection = await loop.create_connection(make, sock=sock, **self._tls(host))
        else:
            transport, connection = await loop.create_connection(make, host, port, **self._tls(host))
            bound_unread(transport.get_extra_info("socket"))
        bound_unsent(transport)
        self._open.add(connection)
        return connection

    def _tls(self, host: str) -> dict[str, Any]:
        if self.trust is None:
            return {}
        return {"ssl": self.trust.current(), "server_hostname": self._settings.server_name or host}

    def idle_connection(self, *, repeatable: bool) -> UpstreamConnection | None:
        """A connection from an earlier exchange that nothing has happened to, or None.

        Args:
            repeatable: the request may be sent again should the connection turn out to be stale.
        """
        now, longest = self._clock(), _IDLE_SECONDS if repeatable else _IDLE_BRIEFLY
        while self._idle and (repeatable or self._trusts(now)):
            connection, since = self._idle.pop()
            if now - since < longest and connection.reuse():
                return connection
            if now - since < _IDLE_BRIEFLY:
                self._wary_until = now + _WARY
            connection.close()
        return None

    def owned_connection(self, owner: Owner) -> UpstreamConnection | None:
        """The connection that speaks for this client, or None: for any request, as if it were the client's own."""
        return self._owned.take(owner)

    def _trusts(self, now: float) -> bool:
        """Whether what cannot be sent twice may go on a connection that served before."""
        return self._settings.reuse == "all" and now >= self._wary_until

    def release(self, connection: UpstreamConnection, owner: Owner) -> None:
        """Take a connection back after a complete exchange; a private one serves nobody but its owner again."""
        fit = connection.reusable
        connection.end()
        if self._closed or not self._settings.retries or not fit:
            connection.close()
            return
        if connection.is_private:
            self._owned.keep(owner, connection)
            return
        self._idle.append((connection, self._clock()))
        if len(self._idle) > _IDLE_MOST:
            self._idle.popleft()[0].close()
        if self._sweep is None:
            self._sweep = asyncio.get_running_loop().call_later(_IDLE_SECONDS, self._close_old)

    def _close_old(self) -> None:
        """Nobody may ask again, and the service would keep its end of each for longer."""
        self._sweep = None
        while self._idle and self._clock() - self._idle[0][1] >= _IDLE_SECONDS:
            self._idle.popleft()[0].close()
        if self._idle:
            left = _IDLE_SECONDS - (self._clock() - self._idle[0][1])
            self._sweep = asyncio.get_running_loop().call_later(left, self._close_old)

    def close(self) -> None:
        """Close all idle connections, and from now on each that comes back."""
        self._closed = True
        if self._sweep is not None:
            self._sweep.cancel()
            self._sweep = None
        while self._idle:
            self._idle.pop()[0].close()
        self._owned.close()


def _fault(error: ssl.SSLError) -> str:
    """What went wrong, without names of ours: the log has them."""
    return "its certificate was not accepted" if isinstance(error, ssl.SSLCertVerificationError) else "no TLS"
