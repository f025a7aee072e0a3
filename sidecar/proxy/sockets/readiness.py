"""Waits until a socket has something to read, or takes something, while the event loop has it for a transport."""

import asyncio
import os
import select
from collections.abc import Callable
from typing import Final

from sidecar.proxy.sockets import descriptors

_PACE: Final = 0.05
"""Seconds between two looks at a socket that cannot be watched."""


async def readable(descriptor: int) -> None:
    """Wait until something has arrived, or the peer is gone."""
    loop = asyncio.get_running_loop()
    await _told(descriptor, select.POLLIN, loop.add_reader, loop.remove_reader)


async def writable(descriptor: int) -> None:
    """Wait until it takes more, or the peer is gone."""
    loop = asyncio.get_running_loop()
    await _told(descriptor, select.POLLOUT, loop.add_writer, loop.remove_writer)


async def _told(descriptor: int, event: int, watch: Callable[..., object], leave: Callable[[int], object]) -> None:
    ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    watched = descriptors.second(descriptor)  # the transport's own is not to be watched
    if watched is None:
        await _seen(descriptor, event)
        return
    watch(watched, _tell, ready)
    try:
        await ready
    finally:
        leave(watched)
        os.close(watched)


async def _seen(descriptor: int, event: int) -> None:
    """The same without another descriptor, where few are left: one that is closed counts as ready."""
    poll = select.poll()
    poll.register(descriptor, event)
    while not poll.poll(0):  # noqa: ASYNC110 - whoever would tell needs a descriptor
        await asyncio.sleep(_PACE)


def _tell(ready: asyncio.Future[None]) -> None:
    """It is told again for as long as nobody had a turn, and even where nobody waits any more."""
    if not ready.done():
        ready.set_result(None)
