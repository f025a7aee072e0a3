"""A large body read straight from its socket, past the transport and the parser, each of which copies every byte."""

import asyncio
import os
from collections.abc import Callable
from typing import Final

from sidecar.proxy.sockets.readiness import readable

_WINDOW: Final = 512 * 1024
"""Bytes read at once: a digest of so many takes a third of a millisecond, in which nobody else has a turn."""


class Inlet:
    """What is left of a body that announced its length.

    Nothing behind the body is read, and nothing at all unless somebody asks: whoever is slow holds the client back. The
    transport must not read meanwhile. It has the names of aiohttp's StreamReader, in whose place it stands.
    """

    def __init__(self, transport: asyncio.Transport, left: int, ended: Callable[[], None]) -> None:
        """Nothing is read yet.

        Args:
            transport: a plain one; what it received is with its parser.
            left: bytes still to come.
            ended: called once all of them are here.
        """
        self._transport = transport
        self._left = left
        self._ended = ended

    def at_eof(self) -> bool:
        """Whether nothing is left."""
        return not self._left

    def read_nowait(self) -> bytes:
        """What was received and not read: nothing, ever."""
        return b""

    async def readany(self) -> bytes:
        """The next bytes, waited for; empty at the end.

        There may be some at once, and so for ever: all others have their turn first.

        Raises:
            ConnectionError: the client is gone.
        """
        data = b""
        await asyncio.sleep(0)
        while self._left and not (data := self._here()):
            await readable(self._descriptor)
        return data

    def _here(self) -> bytes:
        if self._transport.is_closing():
            raise ConnectionResetError  # its descriptor may be somebody else's by now
        try:
            data = os.read(self._descriptor, min(_WINDOW, self._left))
        except BlockingIOError:
            return b""
        except OSError as error:  # such as a timeout of the connection, which is none of a deadline
            raise ConnectionResetError from error
        if not data:
            raise ConnectionResetError
        self._left -= len(data)
        if not self._left:
            self._ended()
        return data

    @property
    def _descriptor(self) -> int:
        return self._transport.get_extra_info("socket").fileno()  # type: ignore[no-any-return]
