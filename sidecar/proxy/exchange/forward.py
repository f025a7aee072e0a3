"""One request brought to the service and its answer to the client, on a connection that is fit for it."""

import asyncio
from collections.abc import Callable
from typing import Final

from sidecar.policy.settings.model import Upstream as UpstreamSettings
from sidecar.proxy import reasons
from sidecar.proxy.downstream.client import Client
from sidecar.proxy.exchange.relay import Relay, Request
from sidecar.proxy.http.answer_head import AnswerHead
from sidecar.proxy.http.connection_auth import is_bound
from sidecar.proxy.http.fields import Fields
from sidecar.proxy.upstream.answer_reader import ServiceClosedError
from sidecar.proxy.upstream.connection import UpstreamConnection
from sidecar.proxy.upstream.service import Service, UnreachableError
from sidecar.telemetry.cache_status import cache_status
from sidecar.telemetry.db_calls import db_calls, field_of
from sidecar.telemetry.outcome import Outcome

_REPEATABLE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_UNREACHABLE: Final = "unreachable"
_CACHE_FIELDS: Final = (b"cache-status", b"x-cache")
_PAUSE: Final = 0.05
"""Seconds before the second attempt to connect; doubled before each that follows."""
_LONG: Final = 1.0
"""Seconds of a wait for the service alone for which it is to blame that the client left; one who leaves sooner may have
changed their mind."""


class Forwarding:
    """Chooses the connection, retries what is safe, and writes down what happened."""

    def __init__(
        self,
        client: Client,
        service: Service,
        settings: UpstreamSettings,
        outcome: Outcome,
        clock: Callable[[], float],
    ) -> None:
        self.waited = 0.0
        self._client = client
        self._service = service
        self._settings = settings
        self._outcome = outcome
        self._clock = clock

    async def run(self, request: Request, extra: Fields, may_keep: Callable[[], bool]) -> bool:
        """Do it; whether the client's connection stays open.

        Another attempt is made only where the service cannot have acted on this one, and `retries` times at most.

        Raises:
            RefusedError, ServiceClosedError, ClientGoneError: as they arise.
        """
        for left in reversed(range(self._settings.retries + 1)):
            connection = self._idle_connection(request) if left == self._settings.retries else None
            try:
                connection = connection or await self._connect(again=left > 0)
                return await self._converse(connection, request, extra, may_keep)
            except UnreachableError as error:
                if not left or not error.momentary:
                    raise
                self._outcome.retries.append(_UNREACHABLE)
                await self._pause(self._settings.retries - left)
            except ServiceClosedError:
                why = self._safe_because(request, connection)
                if not left or why is None:
                    raise
                self._outcome.retries.append(why)
        raise ServiceClosedError

    def _idle_connection(self, request: Request) -> UpstreamConnection | None:
        """One that served before, where the settings let this request go on it."""
        owned = self._service.owned_connection(self._client.connection)
        if owned is not None or request.switch is not None:
            return owned
        return self._service.idle_connection(repeatable=self._is_repeatable(request))

    def _is_repeatable(self, request: Request) -> bool:
        """Whether it may be sent once more should a connection turn out to be stale."""
        return not request.has_body and self._client.head.method in _REPEATABLE

    def _safe_because(self, request: Request, connection: UpstreamConnection | None) -> str | None:
        """Why a request on a closed connection can be sent again; None where it cannot.

        A head alone is no request if a body belongs to it (RFC 9110, section 9.2.2; RFC 9112, section 9.3.1).
        """
        if connection is None or self._client.answering:
            return None
        if not connection.sent or (request.has_body and not request.begun):
            return "unsent"
        return "stale" if connection.reused and self._is_repeatable(request) else None

    async def _pause(self, attempt: int) -> None:
        began = self._clock()
        await asyncio.sleep(_PAUSE * 2**attempt)
        self.waited += self._clock() - began

    async def _connect(self, *, again: bool) -> UpstreamConnection:
        began = self._clock()
        try:
            return await self._service.connect(self._outcome.retries.count(_UNREACHABLE), again=again)
        finally:
            self.waited += self._clock() - began

    async def _converse(
        self, connection: UpstreamConnection, request: Request, extra: Fields, may_keep: Callable[[], bool]
    ) -> bool:
        relay = Relay(self._client, connection, self._clock)
        try:
            return await relay.run(request, extra, may_keep)
        finally:
            self.waited += connection.waited
            self._note(request, relay, connection)
            self._release(relay, connection)

    def _note(self, request: Request, relay: Relay, connection: UpstreamConnection) -> None:
        outcome, answer = self._outcome, relay.answer
        outcome.status = answer.status if answer else 0
        outcome.forwarded, outcome.upstream_duration = request.sent, relay.answered_after
        if relay.cut:
            outcome.error = reasons.UPSTREAM_CLOSED.code
        if answer is not None:
            self._note_fields(answer)
        elif connection.awaited_since is not None:
            self._note_silence(self._clock() - connection.awaited_since)

    def _note_fields(self, answer: AnswerHead) -> None:
        """What the answer tells of caches and of the database."""
        if not answer.by_name.keys().isdisjoint(_CACHE_FIELDS):
            told = (b",".join(answer.values(name)).decode("latin-1") for name in _CACHE_FIELDS)
            self._outcome.cache = cache_status(*told)
        if self._settings.db_calls:
            name, entry = field_of(self._settings.db_calls)
            self._outcome.db_calls = db_calls(answer.values(name), entry)

    def _note_silence(self, lasted: float) -> None:
        """The service was waited for in vain; this is all that is ever told where that drove the client away."""
        self._outcome.upstream_duration = lasted
        if self._client.gone and lasted >= _LONG:
            self._outcome.error = reasons.UPSTREAM_ABANDONED.code

    def _release(self, relay: Relay, connection: UpstreamConnection) -> None:
        """Give the connection back, where it is as good as before."""
        if not relay.complete:
            connection.abort()
            connection.end()
            return
        if relay.answer is not None and is_bound(self._client.head.by_name, relay.answer.by_name):
            connection.is_private = True
        self._service.release(connection, self._client.connection)
