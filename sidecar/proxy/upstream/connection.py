"""One connection to the service: requests written as bytes, and whether it may serve again."""

import asyncio
import math
import os
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Final

from sidecar.policy.settings.model import Upstream as UpstreamSettings
from sidecar.proxy import reasons
from sidecar.proxy.held.pieces import Piece, parted
from sidecar.proxy.held.stored import SLICE, Stored
from sidecar.proxy.reasons import RefusedError
from sidecar.proxy.sockets import descriptors
from sidecar.proxy.sockets.closing import reset
from sidecar.proxy.sockets.deadline import Deadline
from sidecar.proxy.sockets.expiry import Expiry
from sidecar.proxy.sockets.progress import Taking, unsent
from sidecar.proxy.sockets.raw import News
from sidecar.proxy.sockets.readiness import writable
from sidecar.proxy.upstream.answer_reader import AnswerReader, ServiceClosedError

_LOOKS: Final = 3  # turns of the event loop given to what has arrived before more is written


class UpstreamConnection(AnswerReader):
    """One exchange at a time; clean for reuse only if nothing arrived that was not asked for.

    Attributes:
        is_private: it speaks for one client, and serves nobody else.
    """

    def __init__(self, settings: UpstreamSettings, clock: Callable[[], float], patience: Expiry) -> None:
        """Not connected yet.

        Args:
            settings: of the service.
            clock: in seconds.
            patience: ends the wait for an answer.
        """
        super().__init__(settings, clock, patience)
        self.is_private = False
        self._finished = False
        self._news: News | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        super().connection_made(transport)
        self._news = News(transport)

    def connection_lost(self, exc: BaseException | None) -> None:
        """End."""
        super().connection_lost(exc)
        self._news = None

    @property
    def _has_news(self) -> bool:
        return self._news is None or bool(self._news)

    @property
    def reusable(self) -> bool:
        """Whether the next request may use this connection.

        Anything received while idle or behind the answer could be one planted for the next user (response poisoning).
        The parser of this answer is told that it is over.
        """
        ended = self._body is None or self._body.is_eof()
        is_open = self.transport is not None and not self.transport.is_closing()
        return is_open and ended and self._asked_to_keep and not self._dirty and not self._begins_another()

    def reuse(self) -> bool:
        """Whether it can serve once more; even what the event loop has not read yet counts as received."""
        self.reused = True
        return self.reusable and not self._has_news

    def send(self, data: bytes | memoryview) -> None:
        """Send one slice now; what the kernel does not take waits in the transport.

        Raises:
            ServiceClosedError: the service is gone, or said something before it was asked.
        """
        if self.transport is None or self.transport.is_closing() or (not self.sent and self._dirty):
            raise ServiceClosedError
        self.transport.write(data)
        self.sent += len(data)

    async def write(self, *pieces: Piece) -> None:
        """Send bytes of the request: many at once straight to the socket, unless the connection is encrypted.

        Raises:
            ServiceClosedError: the service is gone.
            RefusedError: `upstream_stalled`.
        """
        if self.sent and sum(map(len, pieces)) > SLICE and not self._encrypted:
            await self._write_straight(pieces)
            return
        view = memoryview(b"".join(pieces))
        for start in range(0, len(view), SLICE):
            if self.sent:
                await self._look_first()
            elif self.reused and self._has_news:  # since `reuse` looked, the event loop may have done much else
                raise ServiceClosedError
            self.send(view[start : start + SLICE])
            if self.writing_paused:
                await self._drain()

    async def _write_straight(self, pieces: Sequence[Piece]) -> None:
        """The transport would close on an error, and the answer of a service that refused early would be lost."""
        await self._empty()
        pending = pieces
        while pending:
            descriptor = self._open_descriptor
            try:
                sent = os.writev(descriptor, pending)
            except BlockingIOError:
                await self._wait(partial(writable, descriptor))
            except OSError as error:
                raise self._broken() from error
            else:
                self.sent += sent
                _, pending = parted(pending, sent)

    @property
    def _encrypted(self) -> bool:
        return self.transport is not None and self.transport.get_extra_info("sslcontext") is not None

    @property
    def _open_descriptor(self) -> int:
        """The socket's; that of a closed transport may be somebody else's by now."""
        if self.transport is None or self.transport.is_closing():
            raise ServiceClosedError
        return self.transport.get_extra_info("socket").fileno()  # type: ignore[no-any-return]

    def _broken(self) -> ServiceClosedError:
        """A write was told of a reset: the transport will see an end like any other behind what has arrived."""
        self.cut = True
        return ServiceClosedError()

    async def write_stored(self, stored: Stored) -> None:
        """Send what lies in a file: by the kernel, unless the connection is encrypted, or few descriptors are left.

        Raises:
            ServiceClosedError, RefusedError: as `write` does.
            OSError: the file cannot be read.
        """
        await self._empty()
        outlet = None if self._encrypted else descriptors.second(self._open_descriptor)
        if outlet is None:
            async for piece in stored.read():
                await self.write(piece)
            return
        try:
            await self._pour(stored, outlet)
        except ConnectionError as error:
            raise self._broken() from error
        finally:
            stored.when_idle(os.close, outlet)

    async def _pour(self, stored: Stored, outlet: int) -> None:
        before = self.sent
        while stored.sent < len(stored):
            await self._look_first()
            if self._dirty:
                raise ServiceClosedError
            if not await stored.send(outlet):
                await self._wait(partial(writable, outlet))
            self.sent = before + stored.sent

    async def _empty(self) -> None:
        """Wait until nothing of ours is left in the transport."""
        if self.transport is not None and self.transport.get_write_buffer_size():
            await asyncio.sleep(0)
        if self.transport is not None and self.transport.get_write_buffer_size():
            self.transport.set_write_buffer_limits(0)
            await self._drain()
            self.transport.set_write_buffer_limits()

    async def _look_first(self) -> None:
        """Read before writing: a write to a service that refused early and closed loses its answer."""
        for _ in range(_LOOKS):
            if not self._has_news or (self._answer is not None and self._answer.done()):
                return
            await asyncio.sleep(0)

    async def _drain(self) -> None:
        await self._wait(self._drain_helper)

    async def _wait(self, ready: Callable[[], Awaitable[None]]) -> None:
        began, transport, patience = self._clock(), self.transport, self._settings.write_timeout
        if transport is None:
            raise ServiceClosedError
        self.awaited_since = began
        try:
            await Taking(transport, Deadline(patience, 0.0, math.inf)).over(ready())
        except TimeoutError:
            raise RefusedError(reasons.UPSTREAM_STALLED, f"no byte taken for {patience:g} s") from None
        except ConnectionError as error:
            raise ServiceClosedError from error
        else:
            self.awaited_since = None
        finally:
            self.waited += self._clock() - began

    def abort(self) -> None:
        """Reset the connection, unless it came to a good end: an unfinished request must not look complete."""
        if self.transport is not None and not self._finished:
            reset(self.transport)

    def finish(self, *, patient: bool) -> None:
        """Close the connection, which came to a good end, behind all that was written.

        Args:
            patient: the service is waited for as long as it takes some of that; otherwise not at all.
        """
        self._finished = True
        self.close()
        self._wait_for_reader(math.inf if patient else 0)

    def _wait_for_reader(self, before: float) -> None:
        """A transport that is closed keeps its descriptor until all is taken, for ever if need be."""
        transport = self.transport
        if transport is None or not transport.get_write_buffer_size():
            return
        left = unsent(transport)
        if not before or left == before:
            reset(transport)
        else:
            self._loop.call_later(self._settings.write_timeout, self._wait_for_reader, left)

    def close(self) -> None:
        """Close the connection quietly."""
        if self.transport is not None:
            self.transport.close()
