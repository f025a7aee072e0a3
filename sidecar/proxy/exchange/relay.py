"""Two messages between a client and the service: the request goes up while the answer comes down."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from sidecar.proxy import reasons
from sidecar.proxy.downstream.client import Client
from sidecar.proxy.held.pieces import Piece
from sidecar.proxy.held.stored import Stored
from sidecar.proxy.http.answer_head import AnswerHead, Framing, accepts, for_client, framing_for
from sidecar.proxy.http.fields import Fields
from sidecar.proxy.http.upgrade import SWITCHING_PROTOCOLS
from sidecar.proxy.reasons import RefusedError
from sidecar.proxy.upstream.answer_reader import ServiceClosedError
from sidecar.proxy.upstream.connection import UpstreamConnection

AT_ONCE: Final = 48 * 1024
"""Bytes of a body that go in one write with the head: copying them costs less than tasks for both directions."""
_LAST_CHUNK: Final = b"0\r\n\r\n"
_LATE_ANSWER: Final = 1.0
"""Seconds to wait for the answer of a service that stopped reading: it may have refused early."""
Body = AsyncIterator[Piece | Stored]
Sending = asyncio.Future[None]
Switch = Callable[[AnswerHead, UpstreamConnection], Awaitable[None]]
"""Takes a 101 and the connection, and returns when neither speaks HTTP any more."""


@dataclass(slots=True)
class Request:
    """What goes to the service. Afterwards `sent` tells how much of the body went, `begun` whether it was asked for.

    A body that is small and here already is the `whole` of it, and goes with the head in one write.
    """

    head: bytes
    body: Body | None = None
    chunked: bool = False
    switch: Switch | None = None
    whole: bytes = b""
    sent: int = 0
    begun: bool = False

    @property
    def has_body(self) -> bool:
        """Whether any of a body belongs to it."""
        return self.body is not None or bool(self.whole)

    def send_at_once(self, connection: UpstreamConnection) -> None:
        """Write all of a request that is here already."""
        connection.send(self.head + (_chunk(self.whole) + _LAST_CHUNK if self.chunked else self.whole))
        self.sent, self.begun = len(self.whole), True

    async def send(self, connection: UpstreamConnection, body: Body) -> None:
        """Write it. An error on the way leaves the message unterminated, so the service cannot take it for whole."""
        await connection.write(self.head)
        self.begun = True
        async for piece in body:
            if isinstance(piece, Stored):
                await self._send_stored(connection, piece)
                continue
            self.sent += len(piece)
            await connection.write(*_chunk_of(piece)) if self.chunked else await connection.write(piece)
        if self.chunked:
            await connection.write(_LAST_CHUNK)

    async def _send_stored(self, connection: UpstreamConnection, stored: Stored) -> None:
        try:
            await connection.write_stored(stored)
        finally:
            self.sent += stored.sent


class Relay:
    """One request sent and one answer passed on.

    Attributes:
        answer: its head, once there is one.
        answered_after: seconds from the first byte sent to the answer's head.
        complete: both messages went through whole, so both connections can serve again.
        cut: the service accepted the request, and closed before it had all of it.
    """

    def __init__(self, client: Client, connection: UpstreamConnection, clock: Callable[[], float]) -> None:
        self.answer: AnswerHead | None = None
        self.answered_after = 0.0
        self.complete = False
        self.cut = False
        self._client = client
        self._connection = connection
        self._clock = clock

    async def run(self, request: Request, extra: Fields, may_keep: Callable[[], bool]) -> bool:
        """Do it; whether the client's connection stays open.

        Args:
            request: what to send.
            extra: fields to add to the answer.
            may_keep: whether the client's connection may serve again.

        Raises:
            RefusedError: the service did not answer as it should, or the client was too slow.
            ServiceClosedError: the service closed without an answer.
            ClientGoneError: the client did.
        """
        self._connection.begin(self._client.head.method)
        if request.body is not None:
            return await self._both_ways(request, request.body, extra, may_keep)
        began = self._clock()
        request.send_at_once(self._connection)
        answer = self.answer = await self._connection.answer()
        self.answered_after = self._clock() - began
        if answer.status == SWITCHING_PROTOCOLS:
            return await self._leave_http(request, answer)
        return await self._pass_on(answer, extra, may_keep)

    async def _both_ways(self, request: Request, body: Body, extra: Fields, may_keep: Callable[[], bool]) -> bool:
        """The answer may come, and be passed on, while the request is still on its way."""
        began = self._clock()
        sending = asyncio.ensure_future(request.send(self._connection, body))
        sending.add_done_callback(self._hear)
        try:
            answer = await self._answer(sending)
            if (cause := _cause(sending)) is not None:
                raise cause
            self.answered_after = self._clock() - began
            self.answer = answer
            if answer.status == SWITCHING_PROTOCOLS:
                return await self._leave_http(request, answer)
            return await self._pass_on(answer, extra, may_keep, sending)
        except ServiceClosedError as error:
            raise _cause(sending) or error from None
        finally:
            await _settle(sending)

    def _hear(self, sending: Sending) -> None:
        """A request that fails for the client's sake while the answer comes: the service would wait for its end."""
        if self.answer is not None and _cause(sending) is not None:
            self._connection.abort()

    async def _leave_http(self, request: Request, answer: AnswerHead) -> bool:
        if request.switch is None:
            raise RefusedError(reasons.UPSTREAM_GARBLED, "a switch of protocol that nobody asked for")
        await request.switch(answer, self._connection)
        return False

    async def _answer(self, sending: Sending) -> AnswerHead:
        """The head of the answer, which may come before the request is sent."""
        answering = asyncio.ensure_future(self._connection.answer(for_ever=True))
        both: set[asyncio.Future[Any]] = {sending, answering}
        try:
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            if answering.done():
                return answering.result()
            if (error := sending.exception()) is None:
                self._connection.await_answer()
                return await answering
            self._connection.awaited_since = self._clock()
            if not isinstance(error, ServiceClosedError):
                raise error
            async with asyncio.timeout(_LATE_ANSWER):
                return await answering
        except TimeoutError:
            raise ServiceClosedError from None
        finally:
            await _settle(answering)

    async def _pass_on(
        self, answer: AnswerHead, extra: Fields, may_keep: Callable[[], bool], sending: Sending | None = None
    ) -> bool:
        client, version = self._client, self._client.head.version
        framing = framing_for(answer, client.head.method, version)
        is_sent = sending is None or sending.done()
        goes_on = not is_sent and accepts(answer) and self._connection.stays_open
        # Who goes on sending is told of no close, though one may follow: curl would stop.
        stays = framing is not Framing.CLOSE and (not client.asks_to_close if goes_on else is_sent and may_keep())
        await self._pass_message_on(for_client(answer, framing, extra, keep_alive=stays, version=version), framing)
        if sending is None:
            self.complete = True
            return stays
        await self._conclude(sending, answer, goes_on=goes_on)
        return stays and may_keep()

    async def _conclude(self, sending: Sending, answer: AnswerHead, *, goes_on: bool) -> None:
        """The client has its answer; one that has sent all of its request may leave before the service has it."""
        try:
            if goes_on:
                await self._send_rest(sending)
        finally:
            self.complete = sending.done() and sending.exception() is None
            closed = isinstance(sending.exception(), ServiceClosedError) if sending.done() else not goes_on
            self.cut = closed and accepts(answer)

    async def _send_rest(self, sending: Sending) -> None:
        try:
            await asyncio.wait({sending})
        except asyncio.CancelledError:
            if self._client.gone:
                await asyncio.wait({sending})
            raise
        if cause := _cause(sending):
            raise cause

    async def _pass_message_on(self, head: bytes, framing: Framing) -> None:
        """The head goes with what is here of the body already, in one write."""
        chunked = framing is Framing.CHUNKED
        first = self._connection.arrived()
        await self._client.write(head + (_chunk(first) if chunked and first else first))
        while chunk := await self._connection.read():
            await self._client.write(_chunk(chunk) if chunked else chunk)
        if chunked:
            await self._client.write(_LAST_CHUNK)


def _chunk_of(data: Piece) -> tuple[Piece, Piece, Piece]:
    """One chunk (RFC 9112, section 7.1)."""
    return b"%x\r\n" % len(data), data, b"\r\n"


def _chunk(data: Piece) -> bytes:
    return b"".join(_chunk_of(data))


def _cause(sending: Sending) -> BaseException | None:
    """Why the request failed, where it was not the service that ended it."""
    error = sending.exception() if sending.done() and not sending.cancelled() else None
    return None if isinstance(error, ServiceClosedError) else error


async def _settle(task: asyncio.Future[Any]) -> None:
    """End a task that nobody needs any more, and hear what it had to say.

    Whoever is cancelled meanwhile still waits for its end: it may be in the middle of what the caller closes next.
    """
    task.cancel()
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as error:
            cancelled = error
    if not task.cancelled():
        task.exception()
    if cancelled is not None:
        raise cancelled
