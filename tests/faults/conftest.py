"""A sidecar, a service and an account of what must not be left behind."""

import asyncio
import gc
import re
from dataclasses import dataclass
from typing import Any

import pytest

from tests.descriptors import open_descriptors
from tests.faults.breaking import Breaker
from tests.faults.ways import ROUTES, request
from tests.wire import Service, Wire

HONEST = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
PATIENCE = 8.0


@dataclass(frozen=True)
class Left:
    """What a process holds."""

    tasks: int
    descriptors: int

    @classmethod
    def now(cls) -> "Left":
        return cls(len(asyncio.all_tasks()), open_descriptors())

    def within(self, other: "Left") -> bool:
        return self.tasks <= other.tasks and self.descriptors <= other.descriptors


class Stage:
    """One sidecar between a service and a client, and what each of them saw."""

    def __init__(self, instance: Any, service: Service, caplog: pytest.LogCaptureFixture) -> None:
        self.instance = instance
        self.service = service
        self.port = int(instance.address.rpartition(":")[2])
        self._caplog = caplog
        self._before = Left.now()

    async def settle(self) -> None:
        """Begin to count from here: threads and caches are there after one honest upload of each way."""
        for way in ("hold",):
            await self.honest(way)
        await self._quiet(None)
        self._before = Left.now()
        self._caplog.clear()
        self.service.requests.clear()
        self.service.connected.clear()

    def breaks(self, fault: str, place: str, framing: str = "length") -> Breaker:
        """From now on the service does this."""
        self.service.script = Breaker(self.service, fault, place, framing)
        return self.service.script

    async def honest(self, way: str, wire: Wire | None = None) -> None:
        """An honest request passes and arrives whole."""
        self.service.script, self.service.answer = None, HONEST
        fresh = wire is None
        wire = wire or await Wire.open(self.port)
        answer = await wire.ask(request(way, 2048))
        assert answer is not None
        assert answer.status == 200, answer.body
        assert self.service.requests[-1].complete
        if fresh:
            await wire.close()

    def metric(self, series: str) -> float:
        """A series as Prometheus would read it."""
        text = self.instance.metrics.render()[0].decode()
        found = re.search(rf"^upload_sidecar_{re.escape(series)} (\S+)$", text, re.MULTILINE)
        assert found, f"there is no series {series}"
        return float(found[1])

    async def logged(self) -> dict[str, Any]:
        """The fields of the line that tells of the first exchange."""
        async with asyncio.timeout(PATIENCE):
            while True:
                for record in self._caplog.records:
                    if getattr(record, "event", "") in {"upload", "request"}:
                        return record.fields
                await asyncio.sleep(0.005)

    async def in_flight(self) -> None:
        """Wait until a request is under way."""
        async with asyncio.timeout(PATIENCE):
            while not self.metric("requests_in_flight"):
                await asyncio.sleep(0.005)

    async def nothing_is_left(self) -> None:
        """No task, no descriptor, no room and nothing under way, soon."""
        await self._quiet(self._before)
        assert self.metric("requests_in_flight") == 0
        assert self.metric("spool_used_bytes") == 0
        wrong = [record.getMessage() for record in self._caplog.records if record.exc_info or record.name == "asyncio"]
        assert wrong == []

    async def _quiet(self, before: Left | None) -> None:
        """Wait until no more is held than before; without a before, until nothing changes any more."""
        last = None
        try:
            async with asyncio.timeout(PATIENCE):
                while not ((now := Left.now()) == last or (before is not None and now.within(before))):
                    last = None if before else now
                    gc.collect(0)
                    await asyncio.sleep(0.01)
        except TimeoutError:
            tasks = "\n".join(repr(task) for task in asyncio.all_tasks())
            raise AssertionError(f"{before} before, {Left.now()} now:\n{tasks}") from None


@pytest.fixture
async def stage(start, service, caplog):
    """Sets a stage; the settings are added to those of the three routes."""
    caplog.set_level("DEBUG", "sidecar")

    async def set_stage(**settings) -> Stage:
        # A worker that waits comes when it will: it would be a descriptor more than before.
        instance = await start(service, routes=ROUTES, **{"isolation": {"spare": 0}, **settings})
        stage = Stage(instance, service, caplog)
        await stage.settle()
        return stage

    return set_stage
