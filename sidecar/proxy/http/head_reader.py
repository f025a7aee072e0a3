"""Reads one request head with aiohttp's C parser, whatever pieces it arrives in."""

from typing import Final

from aiohttp.http_exceptions import BadHttpMessage
from aiohttp.http_parser import HttpRequestParser, RawRequestMessage
from aiohttp.streams import StreamReader

from sidecar.proxy.http.head_errors import HeadTooLongError

_END: Final = b"\r\n\r\n"
_BLANK: Final = b"\r\n"


class HeadReader:
    """Gives the parser nothing behind the head: it forgets a complete head if what stands behind it is malformed.

    So a request is judged alike however its bytes arrive; `tests/conformance/test_heads.py` sends every head whole and
    cut everywhere.

    Attributes:
        parser: reads chunks, too, where the head announces them.
        message: the head, once it is complete.
        body: what the parser made for the body that it announces; nobody has fed it yet.
        size: bytes of the head so far.
    """

    __slots__ = ("_last_bytes", "_most", "body", "message", "parser", "size")

    message: RawRequestMessage
    body: StreamReader

    def __init__(self, parser: HttpRequestParser, most: int) -> None:
        """Nothing is here yet.

        Args:
            parser: reads nothing but this.
            most: bytes that a head may have; the parser takes 2 MB of memory for one of 1 MB.
        """
        self.parser = parser
        self.size = 0
        self._most = most
        self._last_bytes = b""

    @property
    def has_begun(self) -> bool:
        """Whether anything but empty lines has arrived (RFC 9112, section 2.2)."""
        return self.size > 0

    def feed(self, data: bytes) -> bytes | None:
        """What stands behind the head; None where it goes on.

        Raises:
            HttpProcessingError: it is not HTTP, or too large.
        """
        if not self.size:
            data = data.lstrip(_BLANK)  # no heads: cutting at each of 65,536 pairs in one packet took 1.3 s
        end = self._end(data)
        messages, _, _ = self.parser.feed_data(self._bounded(data[:end]))
        if self.size > self._most:
            raise HeadTooLongError(self._most)
        if bool(messages) != (end is not None):
            raise BadHttpMessage("a head that two readers end at different places")
        if end is None:
            return None
        self.message, self.body = messages[0]
        return data[end:]

    def _bounded(self, piece: bytes) -> bytes:
        """What may still come of it: what is malformed in that is told first, however it was cut."""
        self.size += len(piece)
        over = self.size - self._most
        return piece if over <= 0 else piece[:-over]

    def _end(self, data: bytes) -> int | None:
        """Where in these bytes the head ends."""
        known = len(self._last_bytes)
        end = (self._last_bytes + data).find(_END) if known else data.find(_END)
        if end >= 0:
            return end + len(_END) - known
        self._last_bytes = (self._last_bytes + data[-3:])[-3:]
        return None
