"""A client connection that can leave HTTP behind: what follows a request for another protocol is held, not parsed.

aiohttp knows of one protocol to switch to (websocket), and its parser drops what comes in one packet behind a request
for any other. The parser gets each head alone (`HeadFirst`, which sets `_in_head`), and what comes behind such a head
waits here until an answer decides who reads it. The private names used are in `PRIVATE_NAMES`, which the self-test
looks for.
"""

from typing import Any, Final, cast

from aiohttp import web

from sidecar.proxy.flow import Flow
from sidecar.proxy.raw import LIMIT, RawReader, end_raw, raw_reader
from sidecar.proxy.serving import Serving

PRIVATE_NAMES: Final = ("_messages", "_request_count", "_upgraded", "finish_response", "eof_received", "close")


class Switchable(Flow, Serving):
    """aiohttp's connection, with the bytes behind a request for another protocol kept apart.

    Attributes:
        has_left_http: what arrives is not for the parser, at least not now.
    """

    __slots__ = ("_held", "_held_eof", "_in_head", "_raw", "has_left_http")

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - aiohttp's own
        super().__init__(*arguments, **options)
        self._held: bytearray | None = None
        self._held_eof = False
        self._in_head = False
        self._raw: RawReader | None = None
        self.has_left_http = False

    @property
    def can_switch(self) -> bool:
        """Whether the request under way asks for another protocol, and every byte behind it is held."""
        return self._held is not None and not self._messages

    def switch(self) -> RawReader:
        """From here on the bytes are nobody's but the caller's; those held come first."""
        self._raw = raw_reader(self.transport, bytes(self._held or b""))
        self._held, self.has_left_http = None, True
        if self._held_eof:
            self._raw.feed_eof()
        self._resume_reading()
        return self._raw

    def data_received(self, data: bytes) -> None:
        """Hand bytes to whoever they are for; to the parser a head and what follows it come apart (`HeadFirst`)."""
        if not self.has_left_http:
            self._parse(data)
        elif self._raw is not None:
            self._raw.feed_data(data)
        else:
            self._hold(data)

    def _parse(self, data: bytes) -> None:
        """Give the parser its due, and hold what comes next if a head asked for another protocol."""
        count = self._request_count
        super().data_received(data)
        if self._request_count == count or not self._messages:
            return
        message, body = self._messages[-1]
        if not getattr(message, "upgrade", False):
            return
        alone = self._request_count == count + 1 and len(self._messages) == 1
        if alone and self._in_head and body.is_eof():
            self._held, self.has_left_http = bytearray(), True
        else:  # what came behind it in this packet may be lost: the client must send it again, on another connection
            self._messages[-1] = (cast("Any", message)._replace(should_close=True), body)

    def _hold(self, data: bytes) -> None:
        if self._held is None:
            return
        self._held += data
        if len(self._held) >= LIMIT and self.transport is not None:
            self.transport.pause_reading()

    def _resume_reading(self) -> None:
        if self.transport is not None and not self.transport.is_closing() and not self.transport.is_reading():
            self.transport.resume_reading()

    def eof_received(self) -> bool | None:  # type: ignore[override]  # aiohttp's says None, asyncio's contract bool | None
        """The client has nothing more to say; a tunnel goes on in the other direction (TLS cannot do that)."""
        if self._raw is not None:
            self._raw.feed_eof()
        elif self._held is not None:
            self._held_eof = True
        else:
            super().eof_received()
            return None
        return self.transport is not None and self.transport.can_write_eof()

    def connection_lost(self, exc: BaseException | None) -> None:
        """End, for whoever reads."""
        end_raw(self._raw, exc)
        super().connection_lost(exc)

    async def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> tuple[web.StreamResponse, bool]:
        """Once an answer declined the switch, what was held is HTTP after all."""
        result = await super().finish_response(request, resp, start_time)
        if self.can_switch:
            held, self._held, self.has_left_http = bytes(self._held or b""), None, False
            self._resume_reading()
            if held:
                self.data_received(held)
            if self._held_eof:
                self.close()
        return result
