"""One request brought to the service and its answer to the client, on a connection that is fit for it."""

from collections.abc import Callable
from typing import Final

from sidecar.policy.model import Upstream as UpstreamSettings
from sidecar.proxy.client import Client
from sidecar.proxy.fields import Fields, values_of
from sidecar.proxy.relay import Relay, Request
from sidecar.proxy.service import Service
from sidecar.proxy.upstream import ServiceClosedError, UpstreamConnection
from sidecar.telemetry.cache_status import cache_status
from sidecar.telemetry.outcome import Outcome

_REPEATABLE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class Forwarding:
    """Chooses the connection, retries what is safe, and writes down what happened."""

    def __init__(
        self,
        client: Client,
        service: Service,
        settings: UpstreamSettings,
        outcome: Outcome,
        clock: Callable[[], float],
        may_keep: Callable[[], bool],
    ) -> None:
        self.waited = 0.0
        self._client = client
        self._service = service
        self._settings = settings
        self._outcome = outcome
        self._clock = clock
        self._may_keep = may_keep

    async def run(self, request: Request, extra: Fields) -> bool:
        """Do it; whether the client's connection stays open.

        A request without a body may take a connection that served before; if the service closed that one meanwhile,
        nothing is lost by trying once more on a fresh one (RFC 9112, section 9.3.1).

        Raises:
            RefusedError, ServiceClosedError, ClientGoneError: as they arise.
        """
        if request.body is None and self._client.head.method in _REPEATABLE:
            connection = self._service.idle_connection()
            if connection is not None:
                try:
                    return await self._converse(connection, request, extra)
                except ServiceClosedError:
                    if self._client.answering:
                        raise
        return await self._converse(await self._connect(), request, extra)

    async def _connect(self) -> UpstreamConnection:
        began = self._clock()
        try:
            return await self._service.connect()
        finally:
            self.waited += self._clock() - began

    async def _converse(self, connection: UpstreamConnection, request: Request, extra: Fields) -> bool:
        relay = Relay(self._client, connection, self._clock, answer_timeout=self._settings.answer_timeout)
        try:
            return await relay.run(request, extra, self._may_keep)
        finally:
            self.waited += connection.waited
            self._outcome.status = relay.status
            self._outcome.upstream_duration = relay.answered_after
            self._outcome.forwarded = request.sent
            self._outcome.cache = _cache_status(relay.answer_fields)
            if relay.complete:
                self._service.release(connection)
            else:
                connection.abort()


def _cache_status(fields: Fields) -> str:
    """What the answer's fields say of caches on its way."""
    by_name = (b",".join(values_of(fields, name)).decode("latin-1") for name in (b"cache-status", b"x-cache"))
    return cache_status(*by_name)
