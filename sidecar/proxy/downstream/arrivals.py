"""What arrives on the connection of a client, handed to whoever it is for: a head, a body, another protocol."""

import asyncio
from abc import abstractmethod
from collections.abc import Callable
from typing import Final

from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.streams import EMPTY_PAYLOAD

from sidecar.proxy.downstream.inlet import Inlet
from sidecar.proxy.http.body_reader import BodyReader, ContentLengthReader, body_reader
from sidecar.proxy.http.head_reader import HeadReader
from sidecar.proxy.sockets.flow import Flow
from sidecar.proxy.sockets.raw import LIMIT, News, RawReader, end_raw, raw_reader

_LARGE: Final = 256 * 1024
"""Bytes still to come of a body from which on it is worth to read it past the transport."""


class Arrivals(Flow):
    """Reads one request at a time.

    What arrives behind the request that is served is held unread, as nobody knows yet whether it is HTTP; a client that
    sends much ahead is held back.

    Attributes:
        over: nothing more is taken.
        is_serving: a request has begun, and `next_request` was not called since.
        can_switch: that request asks for another protocol; every byte behind it is held.
        has_ended: the client sends nothing more, and waits for answers.
        when_gone: is called once, at the end of the connection.
    """

    __slots__ = (
        "_ahead", "_body_reader", "_head", "_is_last", "_raw", "can_switch", "has_ended", "is_serving", "over",
        "when_gone",
    )  # fmt: skip

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self.over = self.is_serving = self.can_switch = self.has_ended = False
        self.when_gone: Callable[[], None] | None = None
        self._head: HeadReader | None = None
        self._body_reader: BodyReader | None = None
        self._ahead, self._is_last = b"", False
        self._raw: RawReader | None = None

    @property
    def is_in_head(self) -> bool:
        """Whether the beginning of a head is here."""
        return self._head is not None

    @property
    def has_news(self) -> bool:
        """Whether something has arrived that nobody has read yet: closing on it would reset the connection."""
        # One of TLS that closes has lost its socket already.
        return self.transport is not None and not self.transport.is_closing() and bool(News(self.transport))

    @property
    def may_ask_more(self) -> bool:
        """Whether more requests may come, behind no byte of a body or of another protocol."""
        return self._body_reader is None and self._raw is None and not self.has_ended

    # What a connection does with it

    @abstractmethod
    def head_begins(self) -> HeadReader:
        """The first bytes of a head are here; what reads it."""

    @abstractmethod
    def head_goes_on(self, size: int) -> None:
        """So many bytes of a head are here, and not its end."""

    @abstractmethod
    def head_ends(self) -> None:
        """One that went on is complete, malformed or lost."""

    @abstractmethod
    def begin(self, head: HeadReader) -> None:
        """A head is complete."""

    @abstractmethod
    def malformed(self, error: HttpProcessingError) -> None:
        """What is here is no head."""

    @abstractmethod
    def await_answer(self) -> None:
        """A client sends nothing more behind a whole request, and may still read."""

    # What the transport calls

    def data_received(self, data: bytes) -> None:
        """Take bytes in."""
        if self._raw is not None:
            self._raw.feed_data(data)
        elif not self.over:
            self._take(data)

    def _take(self, data: bytes) -> None:
        if self._body_reader is not None:
            data = self._take_body(self._body_reader, data)
        if data and self.is_serving:
            self._hold(data)
        elif data:
            self._take_head(data)

    def _take_body(self, reader: BodyReader, data: bytes) -> bytes:
        behind = reader.feed(data)
        if reader.body.is_eof():
            self._body_reader = None
        return behind

    def _take_head(self, data: bytes) -> None:
        head = self._head or self.head_begins()
        try:
            behind = head.feed(data)
            if behind is None:
                self._keep_head(head)
                return
            self._body_reader = body_reader(head)
        except HttpProcessingError as error:
            self._end_head()
            self.malformed(error)
            return
        self._end_head()
        self.is_serving = True
        self.can_switch = bool(head.message.upgrade) and head.body is EMPTY_PAYLOAD
        self._is_last = bool(head.message.chunked)
        self.begin(head)
        if behind:
            self._take(behind)

    def _keep_head(self, head: HeadReader) -> None:
        """Until more of it arrives; whoever sends empty lines has not begun one."""
        if head.has_begun:
            self._head = head
            self.head_goes_on(head.size)

    def _end_head(self) -> None:
        if self._head is not None:
            self._head = None
            self.head_ends()

    def _hold(self, data: bytes) -> None:
        self._ahead += data
        if len(self._ahead) >= LIMIT and not self._buffer_paused:
            self._pause_reading_for_buffer()

    def _release(self) -> bytes:
        """What was held."""
        ahead, self._ahead = self._ahead, b""
        if self._buffer_paused:
            self._resume_reading_for_buffer()
        return ahead

    def eof_received(self) -> bool | None:
        """The client has nothing more to say; a tunnel goes on in the other direction (TLS cannot do that).

        So does the answer to a whole request, behind which `nc -N` and old devices close their half.
        """
        if self._raw is not None:
            self._raw.feed_eof()
        elif self.has_ended or self.can_switch:
            self.has_ended = True
        elif self._is_whole:
            self.has_ended = True
            self.await_answer()
        else:
            return None
        return self.transport is not None and self.transport.can_write_eof()

    def connection_lost(self, exc: BaseException | None) -> None:
        """End, for whoever reads."""
        self._end_head()
        end_raw(self._raw, exc)
        super().connection_lost(exc)
        if self.when_gone is not None:
            self.when_gone()
        if self._body_reader is not None:
            self._body_reader.body.set_exception(ConnectionResetError("the client closed the connection"))

    # What whoever serves calls

    def next_request(self) -> bool:
        """The request is served; whether another can follow, which may have arrived already."""
        if self._body_reader is not None or self.over or self._is_last:
            return False
        self.is_serving = self.can_switch = False
        if ahead := self._release():
            self._take_head(ahead)
        return self._is_whole or not self.has_ended

    @property
    def _is_whole(self) -> bool:
        """Whether a request is served of which nothing is to come."""
        return self.is_serving and self._body_reader is None and not self.over

    def forget(self) -> None:
        """Nothing more is taken, what was held included; but it is read, and so is the end."""
        self.over, self.can_switch = True, False
        self._release()
        self.resume_reading(resume_parser=False)

    def pause_reading(self) -> None:
        """A body is not read as fast as it arrives."""
        self._reading_paused = True
        if self._body_reader is not None:
            self._body_reader.pause()
        self._pause_transport_reading()

    def inlet(self) -> Inlet | None:
        """What is to come of the body, straight from the socket; None where that gains nothing or cannot be.

        TLS has nothing to read on the socket.
        """
        reader, transport = self._body_reader, self.transport
        if not isinstance(reader, ContentLengthReader) or reader.left < _LARGE or self._reading_paused:
            return None
        if transport is None or transport.is_closing() or transport.get_extra_info("sslcontext") is not None:
            return None
        transport.pause_reading()
        self._reading_paused = True
        return Inlet(transport, reader.left, self._end_body)

    def _end_body(self) -> None:
        reader, self._body_reader = self._body_reader, None
        if reader is not None:
            reader.body.feed_eof()

    def switch(self) -> RawReader:
        """From here on the bytes are nobody's but the caller's; those held come first."""
        self._raw = raw_reader(self.transport, self._release())
        if self.has_ended:
            self._raw.feed_eof()
        return self._raw
