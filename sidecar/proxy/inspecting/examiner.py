"""Threads for what takes too long for the event loop: libmagic and the checks that look at heads."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from sidecar.proxy.inspecting.short_turns import short_turns

T = TypeVar("T")


def _in_short_turns(work: Callable[[], T]) -> T:
    with short_turns():
        return work()


class Examiner:
    """A few threads, each with an identifier of its own: libmagic's handle is not safe to share.

    They are made here: it takes files to make one, and under load there may be no descriptor for any.
    """

    def __init__(self, make_identifier: Callable[[], Callable[[bytes], str]], threads: int = 2) -> None:
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="examiner")
        self._heavy = ThreadPoolExecutor(1, thread_name_prefix="heavy")
        self._identifiers = [make_identifier() for _ in range(threads + 1)]
        self._local = threading.local()

    def identify(self, head: bytes) -> str:
        """Content type of a file by its first bytes; called on one of the threads.

        Or on the event loop, for the verdict on an upload that ended before a thread came to it.
        """
        identifier: Callable[[bytes], str] | None = getattr(self._local, "identifier", None)
        if identifier is None:
            identifier = self._local.identifier = self._identifiers.pop()
        return identifier(head)

    async def run(self, work: Callable[[], T]) -> T:
        """Run some milliseconds of work; a cancelled exchange leaves only when nobody works for it any more."""
        return await self._run(self._executor, work)

    async def run_heavy(self, work: Callable[[], T]) -> T:
        """Run what may take half a second of Python, one at a time and in nobody's way but that of its like.

        Each further thread that wants the interpreter lets the event loop wait for it as long again.
        """
        return await self._run(self._heavy, partial(_in_short_turns, work))

    async def _run(self, executor: ThreadPoolExecutor, work: Callable[[], T]) -> T:
        working = asyncio.get_running_loop().run_in_executor(executor, work)
        try:
            return await asyncio.shield(working)
        except asyncio.CancelledError:
            await asyncio.wait({working})
            raise

    def close(self) -> None:
        """End the threads."""
        for executor in (self._executor, self._heavy):
            executor.shutdown(wait=True, cancel_futures=True)
