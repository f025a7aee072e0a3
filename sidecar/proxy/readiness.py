"""Waits until a socket has something to read, or takes something, while the event loop has it for a transport."""

import asyncio
import os
from collections.abc import Callable


async def readable(descriptor: int) -> None:
    """Wait until something has arrived, or the peer is gone."""
    loop = asyncio.get_running_loop()
    await _told(descriptor, loop.add_reader, loop.remove_reader)


async def writable(descriptor: int) -> None:
    """Wait until it takes more, or the peer is gone."""
    loop = asyncio.get_running_loop()
    await _told(descriptor, loop.add_writer, loop.remove_writer)


async def _told(descriptor: int, watch: Callable[..., object], leave: Callable[[int], object]) -> None:
    ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    watched = os.dup(descriptor)  # the transport's own is not to be watched
    watch(watched, _tell, ready)
    try:
        await ready
    finally:
        leave(watched)
        os.close(watched)


def _tell(ready: asyncio.Future[None]) -> None:
    """It is told again for as long as nobody had a turn, and even where nobody waits any more."""
    if not ready.done():
        ready.set_result(None)
