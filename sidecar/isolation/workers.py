"""The workers of one process: forked ahead of need, asked again while they are as good as new."""

import asyncio
import logging
import math
from collections.abc import Callable
from typing import Final

from sidecar.isolation.channel import WorkerGoneError
from sidecar.isolation.limits import Limits
from sidecar.isolation.process import TEMPLATE, TemplateProcess, Worker, cause_of
from sidecar.policy.settings.model import Isolation

_log: Final = logging.getLogger("sidecar.isolation")
_LAST_WORDS: Final = 2.0
"""Seconds until the template has told how a worker ended."""
_RESTART: Final = 1.0
"""Seconds between two starts of the template: one that cannot start must not take all the time there is."""
_WORN: Final = 0.1
_BUSY: Final = 1.0
"""Seconds between two looks at whether a worker is still at work."""


class NoTemplateError(WorkerGoneError):
    """The template has ended.

    Attributes:
        seconds: until there may be another; infinity where there will be none.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(TEMPLATE)
        self.seconds = seconds


class Workers:
    """Makes the template and its workers when they are needed, or a little before; gives them up where nobody asks."""

    def __init__(self, settings: Callable[[], Isolation], filtered: Callable[[bool], None]) -> None:
        """Nothing is started yet.

        Args:
            settings: those in force.
            filtered: told whether the kernel filters the calls of workers.
        """
        self._settings = settings
        self._filtered = filtered
        self._spare: list[Worker] = []
        self._template: TemplateProcess | None = None
        self._started = self._asked = float("-inf")
        self._stopped = self._given_up = False
        self._idle: asyncio.TimerHandle | None = None

    @property
    def processes(self) -> int:
        """Workers that have not ended."""
        return 0 if self._template is None else self._template.workers

    @property
    def template_pid(self) -> int:
        """The template's process; 0 where there is none."""
        return 0 if self._template is None else self._template.pid

    def prepare(self) -> None:
        """Start what is to be there before it is needed; where that cannot be now, whoever needs it will be told."""
        while not self._stopped and len(self._spare) < min(self._settings().spare, self._settings().workers):
            try:
                self._spare.append(self._fork())
            except (WorkerGoneError, OSError):
                return
        self._asked = asyncio.get_running_loop().time()
        self._watch_idle(self._settings().idle)

    def wake(self) -> None:
        """Start again what was given up: a file may be on its way."""
        if self._given_up:
            self._given_up = False
            self.prepare()

    def _watch_idle(self, seconds: float) -> None:
        """Look after so many seconds whether anybody still asks."""
        if self._idle is None and self._template is not None and seconds and not self._stopped:
            self._idle = asyncio.get_running_loop().call_later(seconds, self._end_if_idle)

    def _end_if_idle(self) -> None:
        self._idle = None
        left = self._asked + self._settings().idle - asyncio.get_running_loop().time()
        if left > 0 or self.processes > len(self._spare):
            self._watch_idle(max(left, _BUSY))
            return
        self._given_up, self._started = True, float("-inf")
        self._ending = asyncio.ensure_future(self._end_all())

    async def stop(self) -> None:
        """End all processes."""
        self._stopped = True
        if self._idle is not None:
            self._idle.cancel()
        await self._end_all()

    async def _end_all(self) -> None:
        while self._spare:
            self._spare.pop().channel.close()
        template, self._template = self._template, None
        if template is not None:
            await template.stop()

    def take(self, files: int = 1) -> Worker:
        """The worker that was asked last of those that wait, whose memory is warm; or a fresh one.

        Args:
            files: so many it must still be allowed to see.

        Raises:
            NoTemplateError: there can be none now.
        """
        most = self._settings().files - files
        while self._spare:
            worker = self._spare.pop()
            if not (worker.channel.closed or worker.ended.done() or worker.files > most):
                return worker
            self.end(worker)
        return self._fork()

    def keep(self, worker: Worker, files: int) -> None:
        """Let a worker that has seen so many files more wait for another, if it is as good as new.

        The kernel counts its computing over all files, so one that used a tenth of what a single file may use ends.
        """
        settings = self._settings()
        worker.files += files
        fresh = worker.files < settings.files and worker.busy < settings.cpu * _WORN
        if fresh and not self._stopped and len(self._spare) < settings.workers:
            self._spare.append(worker)
        else:
            self.end(worker)

    def end(self, worker: Worker) -> None:
        """Ask a worker nothing more; it is killed, as one that was taken over would not end by itself."""
        worker.channel.close()
        if self._template is not None:
            self._template.kill(worker)

    def _fork(self) -> Worker:
        settings, loop = self._settings(), asyncio.get_running_loop()
        if self._template is None:
            wait = math.inf if self._stopped else self._started + _RESTART - loop.time()
            if wait > 0:
                raise NoTemplateError(wait)
            self._started = loop.time()
            self._template = TemplateProcess(self._lost, self._ready)
        return self._template.fork(Limits(settings.memory, settings.cpu))

    def _ready(self, unfiltered: str) -> None:
        self._filtered(not unfiltered)
        if unfiltered:
            _log.warning("system calls of the processes that examine files are not filtered: %s", unfiltered)

    def _lost(self, template: TemplateProcess) -> None:
        """The template has ended by itself; the next file gets another."""
        if self._template is template:
            _log.error("the process that workers are forked from has ended")
            self._template = None
            self._losing = asyncio.ensure_future(template.stop())


async def death_of(worker: Worker) -> str:
    """Why a worker ended that had not answered: `cpu`, `memory`, `crash` or `template`."""
    try:
        async with asyncio.timeout(_LAST_WORDS):
            return cause_of(await asyncio.shield(worker.ended))
    except TimeoutError:
        return "crash"
