"""One connection of a client: its requests served in turn, with a task only while there are any."""

import asyncio
import logging
import math
from typing import TYPE_CHECKING, Final, cast

from aiohttp.http_exceptions import HttpProcessingError

from sidecar.proxy.downstream.arrivals import Arrivals
from sidecar.proxy.downstream.received import Received
from sidecar.proxy.http.head_reader import HeadReader
from sidecar.proxy.sockets.closing import half_close, reset
from sidecar.proxy.sockets.expiry import Expiry
from sidecar.proxy.sockets.progress import unsent
from sidecar.proxy.sockets.socket_room import bound_unsent, keep_probing

if TYPE_CHECKING:
    from sidecar.proxy.downstream.connections import Connections

_log: Final = logging.getLogger("sidecar.server")
_MALFORMED: Final = 400
_REQUEST_TIMEOUT: Final = 408
_FAILED: Final = 500
_FAREWELL: Final = 2.0
"""Seconds that a connection is read on behind its last answer, and again for as long as the client takes some of it."""
_HALF_CLOSED: Final = 2.0
"""Seconds for an answer to begin, and for each further bytes of it, once the client sends nothing more: it may read on,
but mostly it is gone, and its kernel says so only when bytes come."""


class Connection(Arrivals):
    """From the moment it is made to its end, with a deadline whenever it waits for a head.

    One that is idle has no task, parser or request.

    Attributes:
        patience: what it was given when it was made.
        task: serves its requests, while there are any.
        answering: whether any byte of an answer to the request that is served was written.
        is_silent: nothing was written since somebody looked.
    """

    __slots__ = (
        "_connections", "_expiry", "_heads", "_idle", "_peer", "_received", "_unsent", "answering", "is_silent",
        "patience", "task",
    )  # fmt: skip

    def __init__(self, connections: "Connections", loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self.patience = connections.patience()
        self.task: asyncio.Task[None] | None = None
        self.answering = self.is_silent = False
        self._connections = connections
        self._heads = connections.expiry("head", self.patience.head_timeout)
        self._idle = connections.expiry("request", self.patience.keep_alive)
        self._expiry: Expiry | None = None
        self._received: Received | None = None
        self._peer: tuple[object, bool] | None = None
        self._unsent: float = math.inf

    @property
    def peer(self) -> tuple[object, bool]:
        """The name of the other end's socket, and whether TLS leads to it; the kernel is asked once."""
        if self._peer is None and self.transport is not None:
            told = self.transport.get_extra_info
            self._peer = told("peername"), told("sslcontext") is not None
        return self._peer or (None, False)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin, and expect a head soon: nobody opens a connection to say nothing."""
        stranger = self._connections.gate.entered()
        if stranger is not None:
            cast("asyncio.Transport", transport).set_protocol(stranger)
            stranger.connection_made(transport)
            return
        self.come_in(transport)

    def come_in(self, transport: asyncio.BaseTransport) -> None:
        """Begin where the gate has let the client in already."""
        super().connection_made(transport)
        keep_probing(transport)
        bound_unsent(transport)
        self._connections.open.add(self)
        self._wait(self._heads)

    def head_begins(self) -> HeadReader:
        """A client that is in a head has so long to end it."""
        if self._expiry is not self._heads:
            self._wait(self._heads)
        return self._connections.head_reader(self)

    def head_goes_on(self, size: int) -> None:
        """It takes room, which all such heads share."""
        self._connections.unfinished.grown(self, size)

    def head_ends(self) -> None:
        """It takes no room any more."""
        self._connections.unfinished.gone(self)

    def begin(self, head: HeadReader) -> None:
        """Serve a request, in its turn."""
        self.answering = False
        if self.has_ended:
            self.await_answer()
        else:
            self._wait(None)
        self._received = Received(head.message, head.body, self)
        if self.task is None:
            self.task = self._loop.create_task(self._serve())

    def await_answer(self) -> None:
        """For a while, which begins anew with each look that finds bytes of the answer written or not taken yet."""
        self.is_silent = True
        self._wait(self._connections.expiry("answer", _HALF_CLOSED))

    def malformed(self, error: HttpProcessingError) -> None:
        """Tell a client that does not speak HTTP."""
        self._give_up(_MALFORMED, error)

    async def _serve(self) -> None:
        try:
            while self._received is not None:
                received, self._received = self._received, None
                if not await self._served(received):
                    self._hang_up(received)
                    return
        except asyncio.CancelledError:
            self.close()
            raise
        except Exception as error:  # noqa: BLE001 - nobody else would ever close it, or count it as gone
            self._fail(error)
        finally:
            self.task = None
        if not self.over:
            self._wait(self._heads if self.is_in_head else self._idle)

    async def _served(self, received: Received) -> bool:
        """Serve one request; whether another may follow."""
        try:
            sent = await self._connections.handler(received)
            await sent.linger()
            return sent.keep_alive and self.next_request()
        except ConnectionError:
            return False
        except Exception as error:
            if self.answering:
                raise
            _log.error("unexpected error in the server", exc_info=error)
            self._give_up(_FAILED, error)
            return True

    def _fail(self, error: Exception) -> None:
        """End where nothing more can be said: a second answer would be taken for that to another request."""
        _log.error("unexpected error in the server", exc_info=error)
        if self.transport is not None:
            self.over = True
            reset(self.transport)

    def _hang_up(self, received: Received) -> None:
        """End behind the last answer; a client that did not ask for that may have sent more, and would lose the answer.

        Closing on unread bytes resets the connection (RFC 9112, section 9.6), so they are read and forgotten.
        """
        transport = self.transport
        if transport is None or received.message.should_close or not self.may_ask_more or not half_close(transport):
            self.close()
            return
        self.forget()
        self._wait(self._connections.expiry("farewell", _FAREWELL))

    def _give_up(self, status: int, error: BaseException) -> None:
        """Answer what is not HTTP, and let the client read that: closing on unread bytes would reset the connection."""
        self.over = True
        transport = self.transport
        if transport is None:
            return
        transport.write(self._connections.error_writer(status, error, self.peer[0]))
        if half_close(transport):
            self._wait(self._connections.expiry("farewell", _FAREWELL))
        else:
            self.close()

    def _wait(self, expiry: Expiry | None) -> None:
        """Begin to wait, or wait no more."""
        if self._expiry is not None:
            self._expiry.remove(self)
        self._expiry = expiry
        if expiry is not None:
            expiry.add(self)

    def expired(self) -> None:
        """Tell a client that is in the middle of a head; one that said nothing is closed without a word."""
        self._expiry = None
        if self.transport is None:
            return
        if self.has_ended and self.answering and not self.over and self._moves(self.transport):
            self.await_answer()
            return
        if self.transport.is_closing() or (self.over and unsent(self.transport)):
            self._wait_for_reader(self.transport)
            return
        if self.is_in_head:
            self.transport.write(self._connections.error_writer(_REQUEST_TIMEOUT, None, self.peer[0]))
        self.close()

    def _moves(self, transport: asyncio.Transport) -> bool:
        """Whether any of the answer was written since the last look, or taken by a client that sends nothing more."""
        before, self._unsent = self._unsent, unsent(transport)
        return not self.is_silent or self._unsent < before

    def give_way(self) -> None:
        """Unfinished heads take too much room: the time of this one is up."""
        self._wait(None)
        self.expired()

    def close(self) -> None:
        """Serve nothing more, and close the connection behind what was written."""
        self.over = True
        if self.transport is not None and not self.transport.is_closing():
            self.transport.close()
            self._wait_for_reader(self.transport)

    def _wait_for_reader(self, transport: asyncio.Transport) -> None:
        """As long as the client takes some of what was written, again and again, and enough of it."""
        left, patience = unsent(transport), self.patience
        if not left:
            return
        if abs(self._unsent - left) < max(1.0, patience.min_rate * patience.write_timeout):
            reset(transport)
            return
        self._unsent = left
        self._wait(self._connections.expiry("reader", patience.write_timeout))

    def end(self) -> None:
        """Close the connection, whether or not the client takes what was written."""
        self.close()
        if self.transport is not None and self.transport.get_write_buffer_size():
            reset(self.transport)

    def connection_lost(self, exc: BaseException | None) -> None:
        """End, for whoever reads and whoever serves."""
        self.over = True
        self._wait(None)
        self._connections.gone(self)
        super().connection_lost(exc)
        if self.task is not None:
            self.task.cancel()
