"""One connection to the service: requests written as bytes, and whether it may serve again."""

import asyncio
from collections.abc import Callable
from typing import Final

from sidecar.policy.model import Upstream as UpstreamSettings
from sidecar.proxy import reasons
from sidecar.proxy.answer_reader import AnswerReader, ServiceClosedError
from sidecar.proxy.closing import reset
from sidecar.proxy.raw import News
from sidecar.proxy.reasons import RefusedError

SLICE: Final = 64 * 1024
"""Bytes written at once: an early refusal of the service stays readable (measured: kept 100 of 100 at this size)."""
_LOOKS: Final = 3  # turns of the event loop given to what has arrived before more is written


class UpstreamConnection(AnswerReader):
    """One exchange at a time; clean for reuse only if nothing arrived that was not asked for."""

    def __init__(self, settings: UpstreamSettings, clock: Callable[[], float]) -> None:
        super().__init__(settings, clock)
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

        Anything received while idle could be an answer planted for the next user (response poisoning).
        """
        ended = self._body is None or self._body.is_eof()
        is_open = self.transport is not None and not self.transport.is_closing()
        return is_open and ended and self._asked_to_keep and not self._dirty

    def reuse(self) -> bool:
        """Whether it can serve once more; even what the event loop has not read yet counts as received."""
        self.reused = True
        return self.reusable and not self._has_news

    def send(self, data: bytes | memoryview) -> None:
        """Send one slice now; what the kernel does not take waits in the transport.

        Raises:
            ServiceClosedError: the service is gone.
        """
        if self.transport is None or self.transport.is_closing() or (not self.sent and self._has_spoken):
            raise ServiceClosedError
        self.transport.write(data)
        self.sent += len(data)

    @property
    def _has_spoken(self) -> bool:
        """Whether the service said anything before it was asked."""
        return self._dirty or (self.reused and self._has_news)

    async def write(self, data: bytes | memoryview) -> None:
        """Send bytes of the request, in slices.

        Raises:
            ServiceClosedError: the service is gone.
            RefusedError: `upstream_stalled`.
        """
        view = memoryview(data)
        for start in range(0, len(view), SLICE):
            if self.sent:
                await self._look_first()
            self.send(view[start : start + SLICE])
            if self.writing_paused:
                await self._drain()

    async def _look_first(self) -> None:
        """Read before writing: a write to a service that refused early and closed loses its answer."""
        for _ in range(_LOOKS):
            if not self._has_news or (self._answer is not None and self._answer.done()):
                return
            await asyncio.sleep(0)

    async def _drain(self) -> None:
        began = self._clock()
        try:
            async with asyncio.timeout(self._settings.write_timeout):
                await self._drain_helper()
        except TimeoutError:
            raise RefusedError(
                reasons.UPSTREAM_STALLED, f"no byte taken for {self._settings.write_timeout:g} s"
            ) from None
        except ConnectionError as error:
            raise ServiceClosedError from error
        finally:
            self.waited += self._clock() - began

    def abort(self) -> None:
        """Reset the connection, unless it came to a good end: an unfinished request must not look complete."""
        if self.transport is not None and not self._finished:
            reset(self.transport)

    def finish(self) -> None:
        """Close the connection behind all that was written; it came to a good end."""
        self._finished = True
        self.close()

    def close(self) -> None:
        """Close the connection quietly."""
        if self.transport is not None:
            self.transport.close()
