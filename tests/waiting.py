"""Waiting for what comes by itself, without a guess how long that takes."""

import asyncio
from collections.abc import Callable


async def until(condition: Callable[[], object]) -> None:
    """Until something holds; ten seconds at most, where milliseconds are usual."""
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.005)
