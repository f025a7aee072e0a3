"""One question to one worker: the request and the file go there, the answer comes back."""

import asyncio
import socket
from typing import Final

from sidecar.isolation import answer

_LENGTH: Final = 4
_READ: Final = 64 * 1024


class WorkerGoneError(Exception):
    """The worker ended before it had answered."""


async def ask(channel: socket.socket, message: bytes, descriptor: int) -> bytes:
    """A worker's answer.

    Args:
        channel: the worker's, not blocking.
        message: the request.
        descriptor: the file, which the worker gets too.

    Raises:
        WorkerGoneError: it ended.
        NonsenseError: its answer is too long.
    """
    loop = asyncio.get_running_loop()
    try:
        sent = socket.send_fds(channel, [message], [descriptor])
        await loop.sock_sendall(channel, memoryview(message)[sent:])
        size = int.from_bytes(await _exactly(channel, _LENGTH), "little")
        if size > answer.MOST:
            raise answer.NonsenseError("too long")
        return await _exactly(channel, size)
    except OSError as error:
        raise WorkerGoneError from error


async def _exactly(channel: socket.socket, size: int) -> bytes:
    loop, pieces = asyncio.get_running_loop(), []
    while size:
        piece = await loop.sock_recv(channel, min(size, _READ))
        if not piece:
            raise WorkerGoneError
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)
