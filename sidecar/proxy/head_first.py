"""Feeds aiohttp's C parser one head at a time: it forgets a complete head if what stands behind it is malformed."""

from typing import Any, Final

from aiohttp import web
from aiohttp.streams import EMPTY_PAYLOAD, StreamReader
from aiohttp.web_protocol import _ErrInfo

from sidecar.proxy.switching import Switchable

_END: Final = b"\r\n\r\n"


class HeadFirst(Switchable):
    """A connection whose requests are judged alike however their bytes arrive.

    Without it `[head][bad chunk]` in one segment is told as a bad head, in two segments the bad chunk is told to
    nobody until the body's deadline. Private names: `_messages`, `_ErrInfo`; `tests/conformance/test_heads.py` sends
    every head whole and cut everywhere, and shows when this can go.
    """

    __slots__ = ("_begun", "_broken", "_last_bytes", "_reading")

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - aiohttp's own
        super().__init__(*arguments, **options)
        self._reading: StreamReader = EMPTY_PAYLOAD
        self._broken = False
        self._last_bytes = b""
        self._begun = False

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
        before = len(self._messages)
        super().data_received(piece)
        if len(self._messages) == before:
            return
        self._last_bytes, self._begun = b"", False
        message, body = self._messages[-1]
        if isinstance(message, _ErrInfo) and not self._reading.is_eof():
            self._break_body(message)
        else:
            self._reading = body

    def _break_body(self, error: _ErrInfo) -> None:
        """The error belongs to the body that is under way, and not to a request of its own."""
        self._messages.pop()
        self._broken = True
        self._reading.set_exception(web.RequestPayloadError("the body is not framed as announced"), error.exc)
