"""One pod takes over from another under load, in the order in which the kubelet ends things."""

import asyncio
import random
from dataclasses import dataclass, field

import pytest

from tests.e2e.front import Front
from tests.e2e.pod import Pod
from tests.wire import PNG, Message, Wire, form, post

REQUESTS = 500
SLOW = 10
"""Uploads that begin before the restart and end behind it."""
CLIENTS = 8
THINK = 0.05
"""Seconds at most between two requests of a client."""
GET = b"GET /health HTTP/1.1\r\nHost: shop\r\n\r\n"


@dataclass
class Load:
    """Clients that ask for one thing after another, and what became of it.

    Attributes:
        lost: what was asked for and was not answered as it should be.
        asked: how many requests have begun, of those that may.
        stored: how many files were answered 200.
    """

    port: int
    lost: list[str] = field(default_factory=list)
    asked: int = 0
    allowed: int = 0
    stored: int = 0
    more: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def allow(self, number: int) -> None:
        """Let the clients go on, up to so many requests."""
        async with self.more:
            self.allowed = number
            self.more.notify_all()

    async def _next(self) -> int:
        async with self.more:
            await self.more.wait_for(lambda: self.asked < self.allowed)
            self.asked += 1
            return self.asked

    async def client(self, number: int) -> None:
        """One client, thinking a little between requests; every other one keeps its connection as long as it may."""
        wire, pace = None, random.Random(number)
        while (count := await self._next()) <= REQUESTS - SLOW:
            if wire is None or wire.reader.at_eof():
                wire = await Wire.open(self.port)
            request, expected = KINDS[count % len(KINDS)]
            answer = await wire.ask(request)
            self._judge(f"request {count}", answer, expected)
            if number % 2 or answer is None or answer.values("connection") == [b"close"]:
                await wire.close()
                wire = None
            await asyncio.sleep(pace.uniform(0, THINK))

    async def slow(self, wire: Wire) -> None:
        """The rest of an upload whose first half is sent."""
        await wire.send(LARGE[len(LARGE) // 2 :])
        self._judge("slow upload", await wire.read(), 200)

    def _judge(self, what: str, answer: Message | None, expected: int) -> None:
        self.stored += answer is not None and answer.body.count(b'"stored_as"')
        if answer is None or not answer.complete or answer.status != expected:
            self.lost.append(f"{what}: {answer.head[:300] if answer else 'the connection ended'}")


def _large(size: int) -> bytes:
    return post(form(("doc", "notes.txt", "text/plain", random.Random(size).randbytes(size // 2).hex().encode())))


LARGE = _large(400_000)
KINDS = (
    (GET, 200),
    (post(form(("photo", "a.png", "image/png", PNG), ("title", None, None, b"a"))), 200),
    (_large(60_000), 200),
    (GET, 200),
    (post(form(("photo", "shell.php", "image/png", PNG))), 422),
)


@pytest.fixture
async def front():
    front = await Front().start()
    yield front
    await front.stop()


@pytest.fixture
async def pods(tmp_path):
    """Makes pods; ends them with the test."""
    made = []

    async def pod(name: str, **settings) -> Pod:
        made.append(Pod(tmp_path / name, **settings))
        return await made[-1].start()

    yield pod
    for each in made:
        await each.kill()


async def half_sent(port: int) -> list[Wire]:
    """Uploads of which one half has been sent."""
    wires = [await Wire.open(port) for _ in range(SLOW)]
    for wire in wires:
        await wire.send(LARGE[: len(LARGE) // 2])
    return wires


async def test_rolling_restart_under_load_loses_none_of_500_requests(front, pods):
    old = await pods("old")
    front.add(old)
    await front.until(old)
    load = Load(front.port)
    clients = [asyncio.create_task(load.client(number)) for number in range(CLIENTS)]
    await load.allow(150)
    wires = await half_sent(front.port)
    new = await pods("new")
    front.add(new)
    await front.until(old, new)
    await load.allow(450)
    ending = asyncio.create_task(old.terminate())
    await front.until(new)
    await asyncio.gather(*(load.slow(wire) for wire in wires))
    assert await ending == 0
    await load.allow(REQUESTS)
    await asyncio.gather(*clients)

    assert load.lost == []
    assert load.asked >= REQUESTS - SLOW
    assert old.ends == ["drained", "service", "sidecar"]
    assert old.service.stored + new.service.stored == load.stored
    assert front.late > 0, "the old pod was given no connection while it drained"


async def test_without_the_hook_what_is_under_way_is_lost(front, pods):
    """What the hook is for: the application is gone while the sidecar holds uploads for it."""
    old = await pods("old", hooked=False)
    front.add(old)
    await front.until(old)
    load = Load(front.port)
    wires = await half_sent(front.port)
    ending = asyncio.create_task(old.terminate())
    async with asyncio.timeout(20):
        while old.ends != ["service"]:
            await asyncio.sleep(0.02)
    await asyncio.gather(*(load.slow(wire) for wire in wires))
    assert await ending == 0
    assert len(load.lost) == SLOW
