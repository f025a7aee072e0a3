"""The reading half of a connection to the service: answers, by aiohttp's C parser."""

import asyncio
from collections.abc import Callable
from typing import Any, Final

from aiohttp import http_exceptions
from aiohttp.streams import EMPTY_PAYLOAD, StreamReader

from sidecar.policy.settings.model import Upstream as UpstreamSettings
from sidecar.proxy import reasons
from sidecar.proxy.aiohttp_compat import ANSWER_FIELDS, response_parser
from sidecar.proxy.http.answer_head import AnswerHead, judge
from sidecar.proxy.http.chunked_body import ChunkedBody
from sidecar.proxy.http.head_errors import words
from sidecar.proxy.http.upgrade import SWITCHING_PROTOCOLS
from sidecar.proxy.reasons import RefusedError
from sidecar.proxy.sockets.expiry import Expiry
from sidecar.proxy.sockets.flow import Flow
from sidecar.proxy.sockets.raw import RawReader, end_raw, raw_reader

_FINAL: Final = 200
_INTERIM: Final = 100
"""So many interim answers are signs of life; a service that sends more of them is waited for no longer for it."""
_END: Final = b"\r\n\r\n"


class ServiceClosedError(Exception):
    """The service closed or reset the connection."""


class AnswerReader(Flow):
    """Reads one answer at a time; whatever else arrives makes the connection unfit for another.

    Attributes:
        waited: seconds spent waiting for the service.
        awaited_since: since when nothing but the service is waited for; None where anything else is.
        sent: bytes written of the current request, its head included.
        reused: it served an earlier exchange.
        raw: what arrives behind a 101, once there was one.
        cut: the connection was reset, though its end may look like any other.
    """

    def __init__(self, settings: UpstreamSettings, clock: Callable[[], float], patience: Expiry) -> None:
        super().__init__(asyncio.get_running_loop())
        self._settings = settings
        self._patience = patience
        self._clock = clock
        self._answer: asyncio.Future[AnswerHead] | None = None
        self._body: StreamReader | None = None
        self._asked_to_keep = False
        self._dirty = False
        self.reused = False
        self.raw: RawReader | None = None
        self.cut = False
        self.waited = 0.0
        self.awaited_since: float | None = None
        self.sent = 0
        self._interim = 0
        self._is_awaited = False

    # What the transport calls

    def data_received(self, data: bytes) -> None:
        """Parse the answer; anything else makes the connection unfit for the next request."""
        if self.raw is not None:
            self.raw.feed_data(data)
            return
        if self._parser is None or (self.reused and not self.sent):
            if data:
                self._fail(ServiceClosedError())
            return
        end = 0 if self._answer is None or self._answer.done() else data.find(_END) + len(_END)
        if len(_END) <= end < len(data):
            # The head alone first: a good answer is not lost for what stands behind it in the same packet.
            self._parse(data[:end])
            data = data[end:]
        self._parse(data) if self.raw is None else self.raw.feed_data(data)

    def _parse(self, data: bytes) -> None:
        parser: Any = self._parser
        try:
            messages, upgraded, behind = parser.feed_data(data)
        except http_exceptions.HttpProcessingError as error:
            self._fail(RefusedError(reasons.UPSTREAM_GARBLED, words(error, ANSWER_FIELDS)))
            return
        for message, body in messages:
            self._take(message, body, upgraded=upgraded)
        if upgraded:
            self.raw = raw_reader(self.transport, behind)

    def _take(self, message: Any, body: StreamReader, *, upgraded: bool) -> None:  # noqa: ANN401
        """One message from the parser: an interim answer is a sign of life, a second answer is one too many."""
        if message.code < _FINAL and message.code != SWITCHING_PROTOCOLS:
            self._live_on()
            return
        answer = self._answer
        if answer is None or answer.done():
            self._dirty = True
            return
        self._body = ChunkedBody.of(body) if message.chunked and body is not EMPTY_PAYLOAD else body
        self._asked_to_keep = not message.should_close and not upgraded
        phrase = message.reason.encode("utf-8", "surrogateescape")
        version = (message.version.major, message.version.minor)
        answer.set_result(AnswerHead(version, message.code, phrase, tuple(message.raw_headers)))

    def _live_on(self) -> None:
        """The wait for the answer, if there is one already, begins anew."""
        self._interim += 1
        if self._interim <= _INTERIM and self._is_awaited:
            self._patience.remove(self)
            self._patience.add(self)

    def eof_received(self) -> bool:
        """The service has nothing more to say: the end of a body that is framed by it."""
        if self.raw is not None:
            self.raw.feed_eof()
            return self.transport is not None and self.transport.can_write_eof()
        if not self.cut:
            self._end_body()
        return False

    def connection_lost(self, exc: BaseException | None) -> None:
        """The connection is over; only `eof_received` ends a body that is framed by it, a reset cuts it."""
        self._dirty = True
        end_raw(self.raw, exc)
        self._fail(ServiceClosedError())
        super().connection_lost(exc or ConnectionResetError("the service closed the connection"))

    def _end_body(self) -> None:
        parser: Any = self._parser
        if parser is None or self._body is None or self._body.is_eof():
            return
        try:
            parser.feed_eof()
        except http_exceptions.HttpProcessingError:
            self._body.set_exception(ServiceClosedError())

    def _begins_another(self) -> bool:
        """Whether anything but empty lines stands behind the answer, which its parser has taken in.

        It tells of a head that is not complete only where it is told that nothing more comes.
        """
        parser: Any = self._parser
        try:
            return parser is not None and parser.feed_eof() is not None
        except http_exceptions.HttpProcessingError:
            return True

    def _fail(self, error: Exception) -> None:
        self._dirty = True
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error)
            self._answer.exception()  # marks it as seen: nobody may be waiting yet
        elif self._body is not None and not self._body.is_eof():
            self._body.set_exception(ServiceClosedError())

    # What an exchange calls

    def begin(self, method: str) -> None:
        """Get ready for the answer to a request with this method."""
        self._parser = response_parser(self, self._loop, with_body=method != "HEAD")
        self._answer = self._loop.create_future()
        self._body = None
        self.waited = 0.0
        self.awaited_since = None
        self.sent = 0
        self._interim = 0

    def end(self) -> None:
        """The exchange is over; from here on the service has nothing to say.

        A body and its connection refer to each other: kept, they would wait for the garbage collector.
        """
        self._parser = None
        self._answer = None
        self._body = None

    async def answer(self, *, for_ever: bool = False) -> AnswerHead:
        """The head of the answer, waited for as long as the settings say, or for ever.

        Raises:
            ServiceClosedError: there will be none.
            RefusedError: `upstream_garbled`, `upstream_timeout`.
        """
        if self._answer is None:
            raise ServiceClosedError
        began = self._clock()
        if not for_ever:
            self.await_answer()
        try:
            head = await self._answer
        finally:
            self._is_awaited = False
            self._patience.remove(self)
            self.waited += self._clock() - began
        judge(head)
        return head

    def await_answer(self) -> None:
        """From now on nothing but the answer is waited for, as long as the settings say."""
        self.awaited_since, self._is_awaited = self._clock(), True
        self._patience.add(self)

    @property
    def stays_open(self) -> bool:
        """Whether the answer says that the service goes on reading behind it."""
        return self._asked_to_keep

    def expired(self) -> None:
        """The service has not answered in time, unless its answer came in this very turn of the loop."""
        if self._answer is None or self._answer.done():
            return
        patience = self._settings.answer_timeout
        self._fail(RefusedError(reasons.UPSTREAM_TIMEOUT, f"no answer within {patience:g} s"))

    def arrived(self) -> bytes:
        """What is here of the answer's body and was not read yet; `read` tells of a body that was cut."""
        body = self._body
        return b"" if body is None or body.exception() is not None else body.read_nowait()

    async def read(self) -> bytes:
        """The next bytes of the answer's body, empty at its end.

        Raises:
            ServiceClosedError: the body was cut.
            RefusedError: `upstream_timeout`.
        """
        body = self._body
        if body is None or body.at_eof():
            return b""
        began = self._clock()
        try:
            async with asyncio.timeout(self._settings.read_timeout):
                return await body.readany()
        except TimeoutError:
            raise RefusedError(reasons.UPSTREAM_TIMEOUT, f"silent for {self._settings.read_timeout:g} s") from None
        finally:
            self.waited += self._clock() - began
