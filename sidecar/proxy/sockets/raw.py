"""A connection as raw bytes: what has arrived and nobody has read, and what follows a switch of protocol."""

import asyncio
import select
from typing import Final

from aiohttp.base_protocol import BaseProtocol

LIMIT: Final = 64 * 1024
"""Bytes kept for the other side; at twice as many the connection is not read on."""


class News:
    """Whether anything has arrived on a transport that the event loop has not read yet: bytes, an end or a reset."""

    def __init__(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._poll = select.poll()
        self._poll.register(transport.get_extra_info("socket").fileno(), select.POLLIN)

    def __bool__(self) -> bool:
        # The descriptor of a closed transport may be somebody else's by now.
        return self._transport.is_closing() or bool(self._poll.poll(0))


async def drain(protocol: BaseProtocol) -> None:
    """Wait until the transport takes more.

    Raises:
        ConnectionError: the connection was lost meanwhile.
    """
    await protocol._drain_helper()  # noqa: SLF001 - the self-test looks for it; there is no public one for protocols


class RawReader(asyncio.StreamReader):
    """What arrives; it pauses the transport when it is full.

    Attributes:
        ended: nothing more will.
    """

    def __init__(self) -> None:
        super().__init__(LIMIT)
        self.ended = False

    def feed_eof(self) -> None:
        """Whoever sends is done."""
        self.ended = True
        super().feed_eof()

    def set_exception(self, exc: Exception) -> None:
        """Whoever sends is gone."""
        self.ended = True
        super().set_exception(exc)


def raw_reader(transport: asyncio.Transport | None, first: bytes) -> RawReader:
    """A reader of what arrives from now on, behind bytes that are here already."""
    reader = RawReader()
    if transport is not None:
        reader.set_transport(transport)
    reader.feed_data(first)
    return reader


def end_raw(reader: RawReader | None, error: BaseException | None) -> None:
    """The connection is lost: cleanly, or with an error."""
    if reader is None or reader.exception() is not None:
        return
    if error is None:
        reader.feed_eof()
    else:
        reader.set_exception(ConnectionResetError("the connection was reset"))
