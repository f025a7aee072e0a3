"""A body in chunks: what one turn of the event loop does with it is bounded, however small they are."""

from typing import Final

from aiohttp.streams import StreamReader

from sidecar.proxy.aiohttp_compat import adopted

_PIECES: Final = 1024
"""Chunks that are read in one turn: a quarter of a millisecond, if each is a byte."""


class ChunkedBody(StreamReader):
    """Joins chunks once, when somebody reads, and keeps no note of where one ended.

    aiohttp's goes on reading its connection from within each read: 43,000 chunks of one byte, which come at once, took
    a quarter of a second, in which nobody else had a turn. Here what was kept back waits for the next.
    """

    __slots__ = ()

    @classmethod
    def of(cls, body: StreamReader) -> "ChunkedBody":
        """The one that a parser has made and will feed; nobody has fed it yet."""
        return adopted(body, cls)

    def begin_http_chunk_receiving(self) -> None:
        """Nobody asks where a chunk begins."""

    def end_http_chunk_receiving(self) -> None:
        """Nor where it ends."""

    def feed_data(self, data: bytes, size: int = 0) -> bool:  # noqa: ARG002 - the signature is aiohttp's
        """A chunk, or a part of one; whether the same bytes hold more, which they never do."""
        self._buffer.append(data)
        self._size += len(data)
        self.total_bytes += len(data)
        waiter = self._waiter
        if waiter is not None:
            self._waiter = None
            if not waiter.done():
                waiter.set_result(None)
        if len(self._buffer) >= _PIECES or self._size > self._high_water:
            self._protocol.pause_reading()
        return False

    def _read_nowait(self, n: int) -> bytes:  # noqa: ARG002 - nobody reads less
        """All that is here."""
        data = b"".join(self._buffer)
        self._buffer.clear()
        self._size = 0
        if data and self._protocol._reading_paused:  # noqa: SLF001 - the self-test looks for it
            self._loop.call_soon(self._protocol.resume_reading)
        return data
