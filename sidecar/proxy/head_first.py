"""Feeds aiohttp's C parser one head at a time: it forgets a complete head if what stands behind it is malformed."""

from typing import Any, Final

from aiohttp import web
from aiohttp.http_parser import RawRequestMessage
from aiohttp.streams import EMPTY_PAYLOAD, StreamReader
from aiohttp.web_protocol import _ErrInfo

from sidecar.proxy.inlet import Inlet
from sidecar.proxy.switching import Switchable

_END: Final = b"\r\n\r\n"
_LARGE: Final = 256 * 1024
"""Bytes still to come of a body from which on it is worth to read it past the parser."""


class HeadFirst(Switchable):
    """A connection whose requests are judged alike however their bytes arrive.

    Without it `[head][bad chunk]` in one segment is told as a bad head, in two segments the bad chunk is told to
    nobody until the body's deadline. Private names: `_messages`, `_ErrInfo`; `tests/conformance/test_heads.py` sends
    every head whole and cut everywhere, and shows when this can go.

    A parser serves only while a message is under way, where that can be told: an idle connection does not pay for one
    (1 KiB), and nothing of a message, such as its last trailer, comes into the next.
    """

    __slots__ = ("_begun", "_broken", "_chunked", "_ended", "_fed", "_last_bytes", "_reading", "_renewable")

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - aiohttp's own
        super().__init__(*arguments, **options)
        self._reading: StreamReader = EMPTY_PAYLOAD
        self._broken = False
        self._last_bytes = b""
        self._begun = False
        self._fed = 0
        self._chunked = False
        self._renewable = True
        self._ended = True
        self._parser = None

    @property
    def is_in_head(self) -> bool:
        """Whether something was received that is no message yet."""
        return self._parser is not None

    def rest(self) -> None:
        """Let go of all that the last message needed."""
        if self._ended and not self.has_left_http and not self._upgraded:
            self._parser, self._reading = None, EMPTY_PAYLOAD

    def inlet(self, body: StreamReader, length: int) -> Inlet | None:
        """What is to come of this body of so many bytes, past the parser; None where that gains nothing or cannot be.

        All that was received of it must be read already, and nothing kept back by the parser, as it does while it waits
        for a reader or for its queue. TLS has nothing to read on the socket.
        """
        transport, left = self.transport, length - body.total_bytes
        straight = body is self._reading and not body.is_eof() and body.exception() is None
        if left < _LARGE or not straight or self._reading_paused or self._buffer_paused or self.has_left_http:
            return None
        if transport is None or transport.is_closing():
            return None
        if transport.get_extra_info("sslcontext") is not None:
            return None
        transport.pause_reading()
        self._reading_paused = True
        return Inlet(transport, left, self._end_body)

    def _end_body(self) -> None:
        """The body that went past the parser is over: what follows it is for a new one."""
        body, self._reading, self._parser, self._ended = self._reading, EMPTY_PAYLOAD, None, True
        body.feed_eof()

    def data_received(self, data: bytes) -> None:
        """Take bytes in, each head apart from what follows it; what is no HTTP any more as it comes."""
        if not data:
            self._in_head = False
            self._take(data)  # the parser goes on with what it kept back
        while data and not self._broken:
            self._in_head = self._reading.is_eof() and not self.has_left_http
            size = self._head_size(data) if self._in_head else len(data)
            self._take(data[:size])
            data = data[size:]

    def _head_size(self, data: bytes) -> int:
        """Bytes up to the end of the first head, all where it does not end in them.

        Empty lines before a head are no heads: cutting at each of 65,536 pairs in one packet took 1.3 s.
        """
        blank = 0 if self._begun else len(data) - len(data.lstrip(b"\r\n"))
        self._begun = self._begun or blank < len(data)
        known = len(self._last_bytes)
        end = (self._last_bytes + data).find(_END, blank)
        self._last_bytes = (self._last_bytes + data[-3:])[-3:] if self._begun else b""
        return len(data) if end < 0 else end + len(_END) - known

    def _take(self, piece: bytes) -> None:
        if self._parser is None and not self.has_left_http:
            if not piece or self._force_close:
                return
            self._parser = self.fresh_parser()
        in_body, before = not self._reading.is_eof(), len(self._messages)
        super().data_received(piece)
        if len(self._messages) > before:
            self._begin(*self._messages[-1])
        elif in_body:
            self._ended = self._body_ended(piece)
        elif piece:
            self._ended = False
        if self._ended and self._renewable and len(self._messages) < 2:  # noqa: PLR2004 - one parser counts all that wait
            self._parser, self._reading = None, EMPTY_PAYLOAD

    def _begin(self, message: RawRequestMessage | _ErrInfo, body: StreamReader) -> None:
        """A message has begun, and perhaps ended: what was given to the parser for it ends with its head."""
        self._last_bytes, self._begun = b"", False
        if isinstance(message, _ErrInfo):
            self._renewable = self._ended = False
            if not self._reading.is_eof():
                self._break_body(message)
            return
        self._reading, self._fed, self._chunked = body, 0, message.chunked
        self._renewable = not message.should_close and not message.upgrade
        self._ended = self._in_head and body.is_eof()

    def _body_ended(self, piece: bytes) -> bool:
        """Whether a body ended, and exactly with this piece.

        No message has begun behind it. In chunks: what ends in an empty line is at most the empty lines that may stand
        before a head (RFC 9112, section 2.2), as a head would be whole with it.
        """
        self._fed += len(piece)
        last = (self._last_bytes + piece[-4:])[-4:] if self._chunked else b""
        self._last_bytes = last[-3:]
        if not self._reading.is_eof():
            return False
        self._last_bytes = b""
        return last == _END or self._fed == self._reading.total_bytes

    def _break_body(self, error: _ErrInfo) -> None:
        """The error belongs to the body that is under way, and not to a request of its own.

        It is told twice: a reader that was woken by the chunk before it waits again without a look at it.
        """
        self._messages.pop()
        self._broken = True
        told = web.RequestPayloadError("the body is not framed as announced")
        self._reading.set_exception(told, error.exc)
        self._loop.call_soon(self._reading.set_exception, told, error.exc)
