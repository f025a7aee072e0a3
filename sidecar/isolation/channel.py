"""The sidecar's end of a worker: one question at a time, its answer, and nothing that was not asked for."""

import asyncio
import socket
from collections.abc import Sequence
from typing import Final

from sidecar.isolation import answer
from sidecar.isolation.tray import Tray

_PACKET: Final = answer.PACKET + answer.LENGTH


class WorkerGoneError(Exception):
    """The worker ended before it had answered."""


class Channel:
    """Listened to from the worker's fork to its end, so that a question costs one call to send and one to receive.

    Attributes:
        closed: it is asked nothing more: it ended, spoke unasked, or was told to.
    """

    def __init__(self, ours: socket.socket) -> None:
        """Listen.

        Args:
            ours: of packets, not blocking.
        """
        self.closed = False
        self._socket = ours
        self._loop = asyncio.get_running_loop()
        self._asked: asyncio.Future[bytes] | None = None
        self._pieces: list[bytes] = []
        self._left = self._most = 0
        self._tray: Tray | None = None
        self._loop.add_reader(ours, self._hear)

    def lay(self, pieces: Sequence[bytes | memoryview]) -> Sequence[int]:
        """Lay a file where the worker can read it.

        Returns:
            Descriptors that the worker must get with the question, which the caller closes: at the first file one.

        Raises:
            OSError: there are no descriptors, or no memory.
        """
        new = self._tray is None
        tray = self._tray = self._tray or Tray()
        tray.lay(pieces)
        return (tray.shown(),) if new else ()

    async def ask(self, message: bytes, descriptors: Sequence[int], time: float, most: int = answer.MOST) -> bytes:
        """A worker's answer.

        Args:
            message: one packet.
            descriptors: which the worker gets too.
            time: seconds until it must be there.
            most: bytes that it may have.

        Raises:
            TimeoutError: it is not.
            WorkerGoneError: the worker ended.
            NonsenseError: the answer is too long.
        """
        if self.closed:
            raise WorkerGoneError
        self._asked, self._most = self._loop.create_future(), most
        late = self._loop.call_later(time, self._fail, TimeoutError())
        try:
            self._send(message, descriptors)
            return await self._asked
        finally:
            self._asked = None
            late.cancel()

    def _send(self, message: bytes, descriptors: Sequence[int]) -> None:
        try:
            if descriptors:
                socket.send_fds(self._socket, [message], descriptors)
            else:
                self._socket.send(message)
        except OSError as error:
            raise WorkerGoneError from error

    def _hear(self) -> None:
        try:
            packet = self._socket.recv(_PACKET)
        except BlockingIOError:
            return
        except OSError:
            packet = b""
        if self._asked is None or self._asked.done():
            self.close()
        elif not packet:
            self._fail(WorkerGoneError())
        else:
            self._take(packet)

    def _take(self, packet: bytes) -> None:
        if not self._pieces:
            self._left = int.from_bytes(packet[: answer.LENGTH], "little")
            packet = packet[answer.LENGTH :]
        too_long = self._left > self._most
        self._pieces.append(packet)
        self._left -= len(packet)
        if too_long:
            self._fail(answer.NonsenseError("too long"))
        elif self._left > 0 and len(packet) < answer.PACKET:
            self._fail(answer.NonsenseError("in crumbs"))
        elif self._left <= 0 and self._asked is not None:
            pieces, self._pieces = self._pieces, []
            self._asked.set_result(b"".join(pieces))

    def _fail(self, error: Exception) -> None:
        """No answer will come; nor can this worker be asked again, whose answer may still be under way."""
        self.close()
        if self._asked is not None and not self._asked.done():
            self._asked.set_exception(error)

    def close(self) -> None:
        """Ask nothing more: a worker that waits ends by itself."""
        if not self.closed:
            self.closed = True
            self._loop.remove_reader(self._socket)
            self._socket.close()
            if self._tray is not None:
                self._tray.close()
