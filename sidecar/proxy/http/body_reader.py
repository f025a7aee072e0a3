"""Reads the body of a request to its end: its length tells that, or its last chunk (RFC 9112, section 6.3)."""

from typing import Protocol

from aiohttp import web
from aiohttp.http_exceptions import BadHttpMessage, HttpProcessingError
from aiohttp.http_parser import HttpRequestParser
from aiohttp.streams import EMPTY_PAYLOAD, StreamReader

from sidecar.proxy.http.chunked_body import ChunkedBody
from sidecar.proxy.http.head_reader import HeadReader


class BodyReader(Protocol):
    """Feeds a body with what belongs to it."""

    body: StreamReader

    def feed(self, data: bytes) -> bytes:
        """What stands behind the body; with no bytes it goes on with what it kept back."""

    def pause(self) -> None:
        """Keep back what comes; called while it feeds the body."""


class ContentLengthReader:
    """A body that announced its length.

    Attributes:
        left: bytes still to come.
    """

    __slots__ = ("body", "left")

    def __init__(self, body: StreamReader, length: int) -> None:
        self.body = body
        self.left = length

    def feed(self, data: bytes) -> bytes:
        """What stands behind the body."""
        size = len(data)
        if size < self.left:
            self.left -= size
            self.body.feed_data(data)
            return b""
        behind = data[self.left :]
        self.body.feed_data(data[: self.left])
        self.left = 0
        self.body.feed_eof()
        return behind

    def pause(self) -> None:
        """Nothing is kept back: what was received is with the body."""


class ChunkedReader:
    """A body in chunks, read by aiohttp's parser, to which what is behind the last chunk is lost."""

    __slots__ = ("_broken", "_parser", "body")

    def __init__(self, body: StreamReader, parser: HttpRequestParser) -> None:
        self.body: StreamReader = ChunkedBody.of(body)
        self._parser = parser
        self._broken = False

    def feed(self, data: bytes) -> bytes:
        """Nothing; an error is told to whoever reads the body."""
        if not self._broken:
            try:
                self._parser.feed_data(data)
            except HttpProcessingError as error:
                self._break(error)
        return b""

    def _break(self, error: HttpProcessingError) -> None:
        self._broken = True
        if not self.body.is_eof():
            self.body.set_exception(web.RequestPayloadError("the body is not framed as announced"), error)

    def pause(self) -> None:
        """Let the parser keep back what it has not read."""
        self._parser.pause_reading()


def body_reader(head: HeadReader) -> BodyReader | None:
    """What reads the body that a head announces; None where there is none.

    Raises:
        BadHttpMessage: nobody can tell.
    """
    if head.body is EMPTY_PAYLOAD or head.message.method == "CONNECT":
        return None
    if head.message.chunked:
        return ChunkedReader(head.body, head.parser)
    digits = head.message.headers.get("Content-Length", "").lstrip("0")  # Python reads no number of 4,301 digits
    if not digits:
        raise BadHttpMessage("a body without a length")
    return ContentLengthReader(head.body, int(digits))
