"""Several processes on one address: started, replaced when they die, told of reloads and drains, ended in order.

The supervisor binds the sockets and all workers listen on them, so that what waits in a queue outlives each of them
(docs/adr/0004-workers-share-one-socket.md). It reads the configuration, and hands on only what is valid.
"""

import asyncio
import contextlib
import logging
import os
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from sidecar.cli.config_file import build_config
from sidecar.cli.labels import labels
from sidecar.cli.serving.operators import Operators
from sidecar.cli.serving.starting import StartError, require_places
from sidecar.cli.serving.view import Sources
from sidecar.cli.supervision.child import Child
from sidecar.cli.supervision.view import WorkersView
from sidecar.cli.supervision.worker import LINE
from sidecar.inspection.types.libmagic import Identifier
from sidecar.proxy import aiohttp_compat
from sidecar.proxy.control.in_force import InForce
from sidecar.proxy.control.live import Live
from sidecar.proxy.downstream.bound import bind, inherited
from sidecar.telemetry.log import LogOutput
from sidecar.telemetry.merged import MergedMetrics
from sidecar.telemetry.metrics import Metrics
from sidecar.telemetry.readings import Readings

_log: Final = logging.getLogger("sidecar.workers")
_SOONEST: Final = 0.1
_LATEST: Final = 30.0
"""Seconds before a worker that died is replaced: at once at first, doubled with every death in a row."""
_APPLIED_WITHIN: Final = 2.0
"""Seconds that the workers have to take an order in before it is answered."""
_STEADY: Final = 30.0
"""Seconds after which a worker counts as having lived."""
_LATE: Final = 5.0
"""Seconds that a worker may need beside its drain, to let go of all that it has."""
_REPORT_SECONDS: Final = 5.0
"""Between two looks at the figures of all workers: what one that is killed has counted since is lost."""


class Supervisor:
    """Made from one configuration file; lives on the running loop from `start` to `stop`.

    Attributes:
        address: where clients connect.
        operators: the ports beside it.
        live: the configuration in force.
        metrics: of the supervisor itself.
    """

    def __init__(self, path: Path | None, environ: Mapping[str, str], flags: Mapping[str, str]) -> None:
        aiohttp_compat.self_test()
        Identifier()
        self.address = ""
        self.metrics = Metrics(labels())
        self._children: dict[int, Child] = {}
        self._keepers: list[asyncio.Task[None]] = []
        self._applying: set[asyncio.Task[None]] = set()
        self._ends: list[str] = []
        self._loaded = self._stopping = False
        self._stopped = asyncio.Event()
        self._flags = flags
        self._log: LogOutput | None = None
        self._sockets: list[socket.socket] = []
        self._lock = os.memfd_create("log lock")  # open until the process ends: the last lines need it
        self._reporting: asyncio.Task[None] | None = None
        sources = Sources(str(path or "built-in defaults"), environ, flags)
        self.live = Live(path, lambda raw: build_config(raw, environ, flags), self, origin=sources.of_mode)
        self._started = self.live.current.text
        require_places(self.live.current.config)
        self._merged = MergedMetrics(self.metrics)
        self._view = WorkersView(self.live, sources, self._merged, self._children, lambda: self._stopping)
        self.operators = Operators(self._view, self.live, self._drain, self._applied)

    # What Live tells (its Witness)

    def reloaded(self, in_force: InForce) -> None:
        """A configuration is in force: the first, or a new one."""
        config = in_force.config
        first, self._loaded = not self._loaded, True
        tell = self.metrics.state.started if first else self.metrics.state.reloaded
        tell(in_force.sha256, in_force.since)
        if self._log is not None:
            self._log.apply(config.log)
        self.mode_changed(in_force)

    def mode_changed(self, in_force: InForce) -> None:
        """Another configuration or mode is in force, or another share."""
        self.metrics.state.decided(in_force.decision, in_force.mode_since, in_force.router.shares())
        order = {"text": in_force.text.decode(LINE), "cap": in_force.decision.cap.value}
        for child in self._children.values():
            self._own(child.ask("configure", **order), self._applying)

    async def _applied(self) -> None:
        """Wait until all workers have what is in force, but not for one that hangs."""
        if self._applying:
            await asyncio.wait(tuple(self._applying), timeout=_APPLIED_WITHIN)

    def reload_failed(self) -> None:
        """A file was refused; the workers never hear of it."""
        self.metrics.state.reload_failed()

    def _own(self, work: Any, besides: set[asyncio.Task[None]] | None = None) -> None:  # noqa: ANN401 - any coroutine
        task = asyncio.ensure_future(work)
        self._keepers.append(task)
        task.add_done_callback(self._keepers.remove)
        if besides is not None:
            besides.add(task)
            task.add_done_callback(besides.discard)

    # Its life

    @property
    def log_lock(self) -> int:
        """A file that is locked while one of several processes writes a line."""
        return self._lock

    async def start(self, log: LogOutput | None = None) -> None:
        """Listen, start the workers and wait until all of them serve.

        Raises:
            ListenError: an address cannot be had.
            StartError: a worker ended before it served.
        """
        config = self.live.current.config
        self._log = log
        self.metrics.read_from(
            Readings(ready=lambda: float(self._view.ready()[0]), draining=lambda: float(self._view.draining))
        )
        self._sockets, self.address = bind(config.listen)
        await self.operators.start(config)
        keepers = [asyncio.create_task(self._keep(number)) for number in range(config.workers)]
        self._keepers += keepers
        await self._all_ready(config.workers)
        self._reporting = asyncio.create_task(self._report(), name="hear all workers")
        await self.operators.watch()

    async def _all_ready(self, number: int) -> None:
        while len(self._children) < number or not all(child.ready.is_set() for child in self._children.values()):
            if self._ends:
                await self.stop(accept_for=0.0)
                raise StartError(f"before it served, a worker {self._ends[0]}")
            await asyncio.sleep(0.01)

    async def _keep(self, number: int) -> None:
        """One place among the workers: filled again whenever it becomes empty."""
        pause = _SOONEST
        loop = asyncio.get_running_loop()
        while not self._stopping:
            began = loop.time()
            how = await self._live_through(number)
            if self._stopping or self._reporting is None:
                self._ends.append(how)
                return
            pause = _SOONEST if loop.time() - began > _STEADY else min(pause * 2, _LATEST)
            self.metrics.state.worker_died()
            _log.error("worker %d %s; the next one starts in %.1f s", number, how, pause)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopped.wait(), pause)

    async def _live_through(self, number: int) -> str:
        """Start a worker and wait for its end; how it ended."""
        child = self._children[number] = Child(number, self._children.get(number))
        try:
            await child.start(self._begin(), *(sock.fileno() for sock in self._sockets), self._lock)
        except OSError as error:
            return f"could not be started: {error.strerror or error}"
        if self._stopping:
            self._own(child.stop(0.0, self._patience(0.0)))
        how = await child.ended()
        self._merged.heard(number, child.metrics)
        self._merged.ended(number)
        child.report.not_ready = [f"worker {number} has ended"]
        return how

    def _begin(self) -> dict[str, Any]:
        current = self.live.current
        return {
            "text": current.text.decode(LINE),
            "started": self._started.decode(LINE),
            "cap": current.decision.cap.value,
            "name": self._view.sources.name,
            "flags": dict(self._flags),
            "share": current.config.workers,
            "listen": inherited(self._sockets),
            "lock": self._lock,
        }

    async def _report(self) -> None:
        while True:
            await asyncio.sleep(_REPORT_SECONDS)
            await self._view.refresh()

    async def _drain(self) -> int:
        """Drain every worker; how many exchanges were still under way when time was up."""
        patience = self._patience(self.live.current.config.drain.accept_for)
        return sum(await asyncio.gather(*(child.drain(patience) for child in self._children.values())))

    def _patience(self, accept_for: float) -> float:
        """Seconds until a worker that drains has told how that went, unless it hangs."""
        return accept_for + self.live.current.config.drain.timeout + _LATE

    async def stop(self, *, accept_for: float) -> int:
        """Drain and end all workers; how many exchanges were cut, as far as they could tell."""
        self._stopping = True
        self._stopped.set()
        if await self._view.all_answer():
            for sock in self._sockets:
                sock.close()  # so that it ends with the last worker that accepts, and nobody queues behind that
        ends = [child.stop(accept_for, self._patience(accept_for)) for child in self._children.values()]
        await asyncio.gather(self._stop_listening(accept_for), *ends)
        await self._end()
        return sum(child.cut for child in self._children.values())

    async def _stop_listening(self, accept_for: float) -> None:
        """Refuse connections where one worker hangs, once the others accept none: they would wait for nobody."""
        await asyncio.sleep(accept_for + _SOONEST)
        for sock in self._sockets:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()

    async def _end(self) -> None:
        if self._reporting is not None:
            self._reporting.cancel()
            await asyncio.wait({self._reporting})
        if self._keepers:
            _, late = await asyncio.wait(set(self._keepers), timeout=_SOONEST * 100)
            for child in self._children.values():
                child.kill()
            for keeper in late:
                keeper.cancel()
            if late:
                await asyncio.wait(late)
        await self.operators.close()
        self.live.current.service.close()
