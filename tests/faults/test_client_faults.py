"""The client breaks in every way at every place: what the service sees, what the log says, what is left (nothing)."""

import asyncio
import contextlib
import gc
import threading
from dataclasses import dataclass

import pytest

from sidecar.proxy.exchange import forward
from sidecar.proxy.upstream.connection import UpstreamConnection
from tests.faults.breaking import EARLY, Breaker, reset
from tests.faults.ways import ALL, AS_IT_ARRIVES, WITH_BODY, request
from tests.wire import Wire, form, post

GONE, SLOW, NOTHING = ("gone", ""), (408, "body_too_slow"), ("unseen", "")
ABANDONED = ("gone", "upstream_abandoned")

# the client ...     at            on these ways   ends as
TABLE = [
    ("resets",       "head",       ("hold",),      NOTHING),
    ("closes",       "head",       ("hold",),      NOTHING),
    ("half-closes",  "head",       ("hold",),      NOTHING),
    ("stalls",       "head",       ("hold",),      (408, "head_too_slow")),
    ("resets",       "mid-body",   WITH_BODY,      GONE),
    ("closes",       "mid-body",   WITH_BODY,      GONE),
    ("half-closes",  "mid-body",   WITH_BODY,      GONE),
    ("stalls",       "mid-body",   WITH_BODY,      SLOW),
    ("resets",       "after body", ALL,            GONE),
    ("closes",       "after body", ALL,            ABANDONED),  # which is heard two seconds later
    ("half-closes",  "after body", ALL,            ABANDONED),
    ("resets",       "mid-answer", ALL,            GONE),
    ("closes",       "mid-answer", ALL,            GONE),
    ("half-closes",  "mid-answer", ALL,            GONE),
    ("stalls",       "mid-answer", ALL,            GONE),
]  # fmt: skip


@dataclass(frozen=True)
class Case:
    fault: str
    place: str
    way: str
    ends: int | str
    code: str

    def __str__(self) -> str:
        return f"{self.way}: {self.fault} {self.place}"


CASES = [Case(fault, place, way, *ends) for fault, place, ways, ends in TABLE for way in ways]
BRIEF = {"head_timeout": "300ms", "idle_timeout": "300ms", "write_timeout": "300ms"}
LARGE = b"HTTP/1.1 200 OK\r\nContent-Length: 20000000\r\n\r\n" + b"x" * 20_000_000


def test_the_table_is_large():
    assert len(CASES) >= 45


@pytest.mark.parametrize("case", CASES, ids=str)
async def test_a_client_that_breaks(stage, case):
    stage = await stage(client=BRIEF if case.fault == "stalls" else {})
    breaker = _service(stage, case)
    wire = await Wire.open(stage.port)
    await _reach(stage, case, wire, breaker)
    await _break(wire, case)
    await _judge(stage, case, wire)
    if stage.service.connections > 2:
        async with asyncio.timeout(10):
            await breaker.left.wait()
    await wire.close()
    if case.place in {"head", "mid-body"}:
        assert stage.service.complete_requests == []
    await stage.honest(case.way)
    await stage.nothing_is_left()


def _service(stage, case: Case) -> Breaker:
    """A service that is where the client wants it."""
    if case.place == "mid-answer" and case.fault == "stalls":
        stage.service.answer = LARGE
        stage.service.script = None
        return Breaker(stage.service, "stalls", "after body", left=_set())
    return stage.breaks("stalls", {"head": "head", "mid-body": "head"}.get(case.place, case.place))


def _set() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event


async def _reach(stage, case: Case, wire: Wire, breaker: Breaker) -> None:
    sent = request(case.way, 1_000_000 if case.place == "mid-body" else 3000)
    if case.place == "head":
        await wire.send(sent[:60])
        return
    if case.place == "mid-body":
        wire.writer.write(sent[: len(sent) // 2])
        await stage.in_flight()
        if case.way in AS_IT_ARRIVES:
            await breaker.broken.wait()
        return
    if case.fault == "stalls":
        wire.writer.transport.pause_reading()
    await wire.send(sent)
    if case.fault == "stalls":
        return
    await breaker.broken.wait()
    if case.place == "mid-answer":
        await wire.reader.readexactly(10_000)


async def _break(wire: Wire, case: Case) -> None:
    match case.fault:
        case "resets":
            reset(wire.writer)
        case "closes":
            wire.writer.close()
        case "half-closes":
            wire.writer.write_eof()


@pytest.mark.parametrize("size", [100_000, 500_000], ids=["by the transport", "straight"])
async def test_a_client_that_leaves_behind_an_early_answer_while_its_file_is_looked_at(stage, size):
    stage = await stage()
    begun, may_answer = asyncio.Event(), asyncio.Event()

    async def answer_early(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        begun.set()
        await may_answer.wait()
        writer.write(EARLY)
        while await reader.read(1 << 16):
            pass
        writer.close()

    stage.service.script = answer_early
    wire, noise = await Wire.open(stage.port), bytes(range(255, -1, -1)) * (size // 256)
    sent = post(form(("f", "a.dat", None, noise), ("g", "b.dat", None, noise)), target="/stream")
    looked_at = sent.index(b"b.dat") + 10_000
    await wire.send(sent[:40_000])
    await asyncio.sleep(0.05)
    await wire.send(sent[40_000:50_000])
    async with asyncio.timeout(10):
        await begun.wait()
    with _busy(stage.instance._examiner._executor) as queue:
        await wire.send(sent[50_000:looked_at])
        async with asyncio.timeout(10):
            while not queue.qsize():
                await asyncio.sleep(0.005)
            may_answer.set()
            answer = await wire.read()
        reset(wire.writer)
        await asyncio.sleep(0.1)
    assert answer.status == 413
    await stage.honest("stream")
    await stage.nothing_is_left()


@contextlib.contextmanager
def _busy(executor):
    """All its threads have something else to do; gives what waits for them."""
    done = threading.Event()
    for _ in range(executor._max_workers):
        executor.submit(done.wait, 10)
    yield executor._work_queue
    done.set()


async def _judge(stage, case: Case, wire: Wire) -> None:
    if case.ends == "unseen":
        return
    if isinstance(case.ends, int):
        answer = await wire.read()
        assert answer is not None
        assert answer.status == case.ends
    line = await stage.logged()
    assert line.get("error", "") == case.code
    assert line.get("client_gone", False) is (case.ends == "gone")
    assert stage.metric('upstream_errors_total{reason="upstream_abandoned"}') == (case.code == "upstream_abandoned")


@pytest.fixture
def any_wait_is_long(monkeypatch):
    monkeypatch.setattr(forward, "_LONG", 0.0)


async def service_is_awaited():
    """Until a connection to the service has nothing to do but to wait for it."""
    async with asyncio.timeout(10):
        while True:
            connections = (each for each in gc.get_objects() if isinstance(each, UpstreamConnection))
            if any(each.awaited_since is not None for each in connections):
                return
            await asyncio.sleep(0.005)


@pytest.mark.usefixtures("any_wait_is_long")
@pytest.mark.parametrize("way", ALL)
async def test_a_client_that_gives_up_on_the_service_tells_of_the_service(stage, way):
    stage = await stage()
    breaker = stage.breaks("stalls", "after body")
    wire = await Wire.open(stage.port)
    await wire.send(request(way, 3000))
    await breaker.broken.wait()
    await service_is_awaited()
    reset(wire.writer)
    line = await stage.logged()
    assert (line["status"], line["error"], line["client_gone"]) == (0, "upstream_abandoned", True)
    assert 0 < line["upstream_ms"] <= line["duration_ms"]
    assert stage.metric('upstream_errors_total{reason="upstream_abandoned"}') == 1
    await stage.honest(way)
    await stage.nothing_is_left()


@pytest.mark.usefixtures("any_wait_is_long")
async def test_a_service_that_takes_no_more_of_what_is_here_is_given_up_on(stage):
    stage = await stage()
    breaker = stage.breaks("stops reading", "head")
    wire = await Wire.open(stage.port)
    await wire.send(request("hold", 12_000_000))
    await breaker.broken.wait()
    await service_is_awaited()
    reset(wire.writer)
    assert (await stage.logged())["error"] == "upstream_abandoned"
    breaker.let_go.set()
    await stage.honest("hold")
    await stage.nothing_is_left()


@pytest.mark.parametrize("way", ALL)
async def test_a_client_that_changes_its_mind_tells_nothing_of_the_service(stage, monkeypatch, way):
    monkeypatch.setattr(forward, "_LONG", 60.0)
    stage = await stage()
    breaker = stage.breaks("stalls", "after body")
    wire = await Wire.open(stage.port)
    await wire.send(request(way, 3000))
    await breaker.broken.wait()
    reset(wire.writer)
    assert "error" not in await stage.logged()
    await stage.honest(way)
    await stage.nothing_is_left()


@pytest.mark.usefixtures("any_wait_is_long")
@pytest.mark.parametrize("way", AS_IT_ARRIVES)
async def test_a_client_that_leaves_while_it_sends_tells_nothing_of_the_service(stage, way):
    stage = await stage()
    breaker = stage.breaks("stalls", "head")
    wire = await Wire.open(stage.port)
    sent = request(way, 300_000)
    await wire.send(sent[: len(sent) // 2])
    await breaker.broken.wait()
    reset(wire.writer)
    line = await stage.logged()
    assert line["client_gone"] is True
    assert "error" not in line
    assert line["upstream_ms"] == 0
    assert stage.metric('upstream_errors_total{reason="upstream_abandoned"}') == 0
    await stage.honest(way)
    await stage.nothing_is_left()
