"""The supervisor's side of one worker process."""

import asyncio
import contextlib
import logging
import socket
import sys
from asyncio.subprocess import Process
from dataclasses import dataclass, field
from typing import Any, Final

from sidecar.cli.endings import ended_how
from sidecar.cli.exit_codes import ExitCode
from sidecar.cli.supervision.channel import Answer, Channel, ChannelClosedError
from sidecar.telemetry.refusals import MOST
from sidecar.telemetry.snapshot import Snapshot, from_json

_log: Final = logging.getLogger("sidecar.workers")
_MODULE: Final = "sidecar.cli.supervision.worker"
_ENDED_WELL: Final = frozenset({ExitCode.CLEAN, ExitCode.CUT})


@dataclass(slots=True)
class Report:
    """What a worker said last of itself."""

    not_ready: list[str] = field(default_factory=lambda: ["a worker is starting"])
    draining: bool = False
    in_flight: int = 0
    spool_used: int = 0
    spool_trouble: str = ""
    refusals: list[dict[str, Any]] = field(default_factory=list)


class Child:
    """One worker, from its start to its end.

    Attributes:
        report: what it said last.
        metrics: its figures then.
        ready: set once it listens.
        told_to_stop: its end is wanted.
        cut: exchanges that its end cut, as far as anybody can tell.
        inherited: the last refusals of those whose place it takes.
    """

    def __init__(self, number: int, before: "Child | None" = None) -> None:
        self.number = number
        self.inherited: list[dict[str, Any]] = []
        self._replaces = before is not None
        if before is not None:
            self.inherited = [*before.inherited, *before.report.refusals][-MOST:]
        self.report: Report = Report()
        self.metrics: Snapshot = {}
        self.ready = asyncio.Event()
        self.told_to_stop = False
        self.cut = 0
        self._why = ""
        self._process: Process | None = None
        self._channel: Channel | None = None
        self._hearing: asyncio.Task[None] | None = None

    async def start(self, begin: dict[str, Any], *inherited: int) -> None:
        """Start it and say what it is to do; it inherits some descriptors.

        Raises:
            OSError: there are no descriptors, no memory or no more processes.
        """
        ours, its = socket.socketpair()
        with its, contextlib.ExitStack() as failed:
            failed.callback(ours.close)
            failed.callback(self.kill)
            command = (sys.executable, "-m", _MODULE, str(its.fileno()))
            self._process = await asyncio.create_subprocess_exec(*command, pass_fds=(its.fileno(), *inherited))
            self._channel = await Channel.over(ours)
            failed.pop_all()
        self._hearing = asyncio.create_task(self._channel.serve(self._handle), name=f"hear worker {self.number}")
        with contextlib.suppress(ChannelClosedError):
            await self._channel.ask("begin", **begin)

    async def _handle(self, verb: str, fields: Answer) -> Answer:
        """A worker says by itself that it is ready, or why it never will be."""
        if verb == "failed":
            self._why = f": {fields['why']}"
            return {}
        self.ready.set()
        if self._replaces:
            _log.info("worker %d serves, in place of the one that ended", self.number)
        return {}

    @property
    def pid(self) -> int:
        """The process, 0 before there is one."""
        return 0 if self._process is None else self._process.pid

    async def ask(self, verb: str, **fields: Any) -> Answer:  # noqa: ANN401 - whatever JSON can say
        """Its answer; nothing where it is gone."""
        if self._channel is None:
            return {}
        try:
            answer = await self._channel.ask(verb, **fields)
        except ChannelClosedError:
            return {}
        self._note(answer)
        return answer

    def _note(self, answer: Answer) -> None:
        if "metrics" in answer:
            self.metrics = from_json(answer["metrics"])
            self.report = Report(**answer["load"])

    async def drain(self, patience: float) -> int:
        """Drain it; how many exchanges were still under way when time was up, at least one where it does not answer."""
        try:
            async with asyncio.timeout(patience):
                return int((await self.ask("drain")).get("left", 0))
        except TimeoutError:
            return max(1, self.report.in_flight)

    async def stop(self, accept_for: float, patience: float) -> None:
        """Drain and end it; a worker that has not done so in time is killed, and what it said last was cut."""
        self.told_to_stop = True
        try:
            async with asyncio.timeout(patience):
                self.cut = int((await self.ask("stop", accept_for=accept_for)).get("cut", 0))
        except TimeoutError:
            _log.error("worker %d has not ended in time, and is killed", self.number)
            self.cut = self.report.in_flight
            self.kill()

    async def ended(self) -> str:
        """Wait for its end; how it ended, and why if it could say so."""
        if self._process is None or self._hearing is None or self._channel is None:
            raise RuntimeError("not started")
        code = await self._process.wait()
        await self._channel.close()
        await self._hearing
        if self.told_to_stop and code not in _ENDED_WELL:
            self.cut = max(self.cut, 1)
        return f"{ended_how(code)}{self._why}"

    def kill(self) -> None:
        """End it at once."""
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
