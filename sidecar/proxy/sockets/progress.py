"""Waits for a peer to take what was written: for as long as it takes some of it, however little at a time."""

import asyncio
import fcntl
import struct
import termios
from collections.abc import Awaitable
from typing import Final

from sidecar.proxy.sockets.deadline import Deadline

_LOOK: Final = 1.0
"""Longest time in seconds between two looks. A transport goes on, and the kernel calls a socket writable, only once 100
to 250 KB were taken: for a client of 3 KiB/s that is a minute, in which it is not silent."""
_LOOKS: Final = 4
"""So often at least within the longest silence."""
_NONE: Final = bytes(4)


def unsent(transport: asyncio.WriteTransport) -> int:
    """Bytes written that the peer has not got: those in the transport and, acknowledged or not, those in the kernel.

    A unix socket counts the memory of the latter instead (linux/sockios.h, SIOCOUTQ): the sum may grow when it is given
    some by the transport.
    """
    waiting, sock = transport.get_write_buffer_size(), transport.get_extra_info("socket")
    if sock is None or (transport.is_closing() and not waiting):
        return waiting
    try:
        (in_kernel,) = struct.unpack("i", fcntl.ioctl(sock.fileno(), termios.TIOCOUTQ, _NONE))
    except (OSError, ValueError):  # the descriptor of a closed transport is none, or somebody else's by now
        return waiting
    return waiting + int(in_kernel)


class Taking:
    """A deadline for one wait, renewed whenever a look shows that the peer has taken some.

    There is no look at the beginning, so that a wait that ends soon costs nothing; the first one renews it, too.
    """

    def __init__(
        self, transport: asyncio.WriteTransport, deadline: Deadline, *, waited: float = 0.0, written: int = 0
    ) -> None:
        """Not begun.

        Args:
            transport: what was written to.
            deadline: of the peer; without a cap.
            waited: seconds that the peer was waited for before.
            written: bytes given to the transport and the kernel so far.
        """
        self._transport = transport
        self._deadline = deadline
        self._written = written
        self._left = -1
        self._loop = asyncio.get_running_loop()
        self._since = self._loop.time() - waited
        self._pace = min(_LOOK, deadline.idle / _LOOKS)
        self._limit = asyncio.timeout(deadline.patience(waited=waited, elapsed=0.0, moved=written))

    async def over(self, ready: Awaitable[None]) -> None:
        """Wait until it is ready for more.

        Raises:
            TimeoutError: the peer took nothing for too long, or too little.
        """
        self._timer = self._loop.call_later(self._pace, self._look)
        try:
            async with self._limit:
                await ready
        finally:
            self._timer.cancel()

    def _look(self) -> None:
        left = unsent(self._transport)
        if left != self._left and not self._limit.expired():
            self._left = left
            self._renew(self._written - left)
        self._timer = self._loop.call_later(self._pace, self._look)

    def _renew(self, moved: int) -> None:
        now = self._loop.time()
        self._limit.reschedule(now + self._deadline.patience(waited=now - self._since, elapsed=0.0, moved=moved))
