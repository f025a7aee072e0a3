"""Waits until a socket has something to read, or takes something, while the event loop has it for a transport."""

import asyncio
import os


async def readable(descriptor: int) -> None:
    """Wait until something has arrived, or the peer is gone."""
    loop = asyncio.get_running_loop()
    ready, watched = loop.create_future(), os.dup(descriptor)  # the transport's own is not to be watched
    loop.add_reader(watched, _tell, ready)
    try:
        await ready
    finally:
        loop.remove_reader(watched)
        os.close(watched)


async def writable(descriptor: int) -> None:
    """Wait until it takes more, or the peer is gone."""
    loop = asyncio.get_running_loop()
    ready, watched = loop.create_future(), os.dup(descriptor)
    loop.add_writer(watched, _tell, ready)
    try:
        await ready
    finally:
        loop.remove_writer(watched)
        os.close(watched)


def _tell(ready: asyncio.Future[None]) -> None:
    """It is told again for as long as nobody had a turn, and even where nobody waits any more."""
    if not ready.done():
        ready.set_result(None)
