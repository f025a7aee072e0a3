"""No file of the corpus holds the event loop up: what takes long happens on threads and in workers."""

import asyncio
import gc
import importlib
import pkgutil
import socket
import time
from contextlib import suppress

import pytest

from bench.instructions import _service
from tests.corpus import files
from tests.wire import form, post

LONGEST = 0.020
"""Seconds of processor that one turn of the loop may take; the clock on the wall would tell of other programs."""
TRIES = 3
MODULES = [module.name for module in pkgutil.iter_modules(files.__path__)]
FAMILIES = [name for name in MODULES if hasattr(importlib.import_module(f"tests.corpus.files.{name}"), "CASES")]


class Turns:
    """The longest turn of the running loop, in seconds of its thread's processor."""

    def __init__(self) -> None:
        self._longest = 0.0

    async def watch(self) -> None:
        before = time.thread_time()
        while True:
            await asyncio.sleep(0)
            now = time.thread_time()
            self._longest = max(self._longest, now - before)
            before = now

    def take(self) -> float:
        longest, self._longest = self._longest, 0.0
        return longest


class Running:
    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"


def send(port: int, request: bytes) -> None:
    """Send it and read the whole answer, on a thread that is not the loop's."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as client:
        with suppress(ConnectionError):  # refused early
            client.sendall(request)
        answer = b""
        while b"\r\n\r\n" not in answer and (received := client.recv(65536)):
            answer += received
        assert answer.startswith(b"HTTP/1.1 ")


def turns_of(port: int, turns: Turns, request: bytes) -> float:
    turns.take()
    send(port, request)
    return turns.take()


@pytest.fixture
async def turns():
    turns = Turns()
    watching = asyncio.ensure_future(turns.watch())
    gc.disable()
    yield turns
    gc.enable()
    watching.cancel()


@pytest.mark.parametrize("family", FAMILIES)
async def test_no_file_of_the_corpus_takes_the_loop_for_twenty_milliseconds(start, turns, family):
    """Those that seem to are sent again: the first of a kind also pays for what is prepared once."""
    cases = importlib.import_module(f"tests.corpus.files.{family}").CASES
    with _service() as service:
        instance = await start(Running(service), client={"linger_timeout": "0s"})
        port = int(instance.address.rpartition(":")[2])
        slow = {case.name: post(form(("f", case.name, None, case.data()))) for case in cases}
        for _ in range(TRIES):
            measured = {
                name: (await asyncio.to_thread(turns_of, port, turns, request), request)
                for name, request in slow.items()
            }
            slow = {name: request for name, (longest, request) in measured.items() if longest > LONGEST}
        found = {name: longest for name, (longest, _) in measured.items() if name in slow}
    assert found == {}


async def test_a_turn_that_is_too_long_is_seen(turns):
    await asyncio.sleep(0)
    turns.take()
    end = time.thread_time() + 2 * LONGEST
    while time.thread_time() < end:
        pass
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert turns.take() > LONGEST
