"""Serves the requests of one connection in turn, with a task only while there are any."""

import asyncio
from typing import Any, Final, cast

from aiohttp import web
from aiohttp.http import StreamWriter
from aiohttp.http_parser import HttpRequestParser
from aiohttp.web_protocol import ERROR, RequestHandler, _ErrInfo

from sidecar.proxy.message_queue import MessageQueue

SERVING_NAMES: Final = (
    "_buffer_paused", "_close", "_force_close", "_handle_request", "_make_error_handler", "_manager", "_messages",
    "_msg_queue_resume_size", "_parser", "_request_factory", "_request_handler", "_resume_reading_if_drained",
    "_task_handler",
)  # fmt: skip
"""Private names of aiohttp that are used here."""


class Serving(RequestHandler):
    """aiohttp's connection with a loop of our own.

    aiohttp's keeps a task for as long as the connection lasts, and in it the last request with all its fields: 3 KiB of
    memory for somebody who is silent. This one ends when nothing is left to serve.
    """

    __slots__ = ()

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - aiohttp's own
        super().__init__(*arguments, **options)
        self._messages = cast("Any", MessageQueue())

    def fresh_parser(self) -> HttpRequestParser:
        """A parser that has read nothing yet; some 0.6 µs."""
        return HttpRequestParser(
            self,
            self._loop,
            self._read_bufsize,
            max_line_size=self.max_line_size,
            max_field_size=self.max_field_size,
            max_headers=self.max_headers,
            payload_exception=web.RequestPayloadError,
            auto_decompress=False,
            max_msg_queue_size=self._max_msg_queue_size,
        )

    def serve_on(self) -> None:
        """Begin to serve, unless that is under way."""
        if self._messages and (self._task_handler is None or self._task_handler.done()):
            self._task_handler = self._loop.create_task(self.start())

    async def start(self) -> None:
        """Serve what waits; aiohttp also calls it for a connection that was just made."""
        served = False
        while self._messages and not self._force_close:
            served = await self._serve(*self._messages.popleft())
            if not served:
                self._hang_up()
                return
        self._task_handler = None
        if served and not self._force_close:
            self.rest()

    def rest(self) -> None:
        """Nothing is left to serve."""

    async def _serve(self, message: Any, payload: Any) -> bool:  # noqa: ANN401 - as aiohttp queues them
        """Serve one request; whether another may follow."""
        self._make_room()
        handler = self._request_handler
        if isinstance(message, _ErrInfo):
            handler, message = self._make_error_handler(message), ERROR
        if handler is None or self._request_factory is None:
            return False  # the connection is lost
        writer, task = StreamWriter(self, self._loop), cast("asyncio.Task[None]", asyncio.current_task())
        request = self._request_factory(message, payload, self, writer, task)
        try:
            answer, lost = await self._handle_request(request, None, handler)
        except ConnectionError:
            return False
        except asyncio.CancelledError:
            self.force_close()
            raise
        except Exception as error:  # noqa: BLE001 - a bug ends this connection, not the others
            self.log_exception("Unhandled exception", exc_info=error)
            return False
        finally:
            request._task = cast("Any", None)  # noqa: SLF001 - a cycle otherwise, for the garbage collector to find
        whole = payload.is_eof()
        return bool(not lost and answer.keep_alive and whole and not self._close and not self._force_close)

    def _make_room(self) -> None:
        """Let the parser go on behind a message that waits no more."""
        if self._parser is not None:
            self._parser.message_consumed()
        if self._buffer_paused and len(self._messages) <= self._msg_queue_resume_size:
            self._resume_reading_if_drained()

    def _hang_up(self) -> None:
        self._task_handler = None
        if self.transport is not None:
            self.transport.close()

    def close(self) -> None:
        """Close the connection, behind the request that is being served."""
        super().close()
        if self._task_handler is None:
            self._hang_up()
