"""Examines files in workers: finds each one that is fit for it, within limits of number and time."""

import asyncio
import logging
import os
from collections import deque
from collections.abc import Callable, Mapping
from typing import Final

from sidecar.inspection.examined import Examined
from sidecar.inspection.finding import Finding, printable
from sidecar.inspection.limits import in_words
from sidecar.inspection.reason import Reason
from sidecar.inspection.unexamined import (
    EXAMINATION_BUSY,
    EXAMINATION_CRASHED,
    EXAMINATION_OUT_OF_MEMORY,
    EXAMINATION_TIMED_OUT,
    EXAMINATION_TOO_LARGE,
    EXAMINATION_UNREADABLE,
)
from sidecar.isolation import answer
from sidecar.isolation.asking import WorkerGoneError, ask
from sidecar.isolation.copy import Copy
from sidecar.isolation.limits import Limits
from sidecar.isolation.process import TemplateProcess, Worker, cause_of
from sidecar.isolation.request import Request, Requests
from sidecar.isolation.slots import Slots
from sidecar.policy.model import Isolation, Policy

_log: Final = logging.getLogger("sidecar.isolation")
_LAST_WORDS: Final = 2.0
"""Seconds until the template has told how a worker ended."""
_RESTART: Final = 1.0
"""Seconds between two starts of the template: one that cannot start must not take all the time there is."""
_REASONS: Final = {
    "time": EXAMINATION_TIMED_OUT,
    "cpu": EXAMINATION_TIMED_OUT,
    "memory": EXAMINATION_OUT_OF_MEMORY,
    "crash": EXAMINATION_CRASHED,
    "nonsense": EXAMINATION_UNREADABLE,
}
_WORN: Final = 0.1
CAUSES: Final = tuple(_REASONS)
"""Why workers die before they have answered."""


class Pool:
    """Makes the template and its workers when they are needed, or a little before."""

    def __init__(
        self,
        settings: Callable[[], Isolation],
        died: Callable[[str], None],
        filtered: Callable[[bool], None],
        *,
        share: int = 1,
    ) -> None:
        """Nothing is started yet.

        Args:
            settings: those in force.
            died: told why a worker died, one of CAUSES.
            filtered: told whether the kernel filters the calls of workers.
            share: how many processes divide `workers` between them.
        """
        self._settings = settings
        self._died = died
        self._filtered = filtered
        self._slots = Slots(lambda: max(1, settings().workers // share))
        self._requests = Requests()
        self._spare: deque[Worker] = deque()
        self._template: TemplateProcess | None = None
        self._started = float("-inf")
        self._stopped = False

    @property
    def processes(self) -> int:
        """Workers that have not ended."""
        return 0 if self._template is None else self._template.workers

    @property
    def template_pid(self) -> int:
        """The template's process; 0 where there is none."""
        return 0 if self._template is None else self._template.pid

    def prepare(self) -> None:
        """Start what is to be there before it is needed."""
        while not self._stopped and len(self._spare) < min(self._settings().spare, self._settings().workers):
            try:
                self._spare.append(self._fork())
            except WorkerGoneError:
                return

    async def stop(self) -> None:
        """End all processes."""
        self._stopped = True
        while self._spare:
            self._spare.popleft().close()
        template, self._template = self._template, None
        if template is not None:
            await template.stop()

    async def examine(self, copy: Copy, policy: Policy, *, stop_at_first: bool) -> Examined:
        """What the checks that want a file find in it; never an exception of its own.

        Args:
            copy: the file.
            policy: what is allowed.
            stop_at_first: end the work at the first finding that refuses.
        """
        settings = self._settings()
        size = copy.file.size
        if size > settings.max_file:
            return _unexamined(copy, EXAMINATION_TOO_LARGE, f"{size} bytes", f"at most {in_words(settings.max_file)}")
        if not await self._slots.take(settings.patience):
            return _unexamined(copy, EXAMINATION_BUSY, f"{self._slots.waiting} more are waiting")
        try:
            return await self._examined(copy, policy, settings, stop_at_first=stop_at_first)
        finally:
            self._slots.give()
            self.prepare()

    async def _examined(self, copy: Copy, policy: Policy, settings: Isolation, *, stop_at_first: bool) -> Examined:
        message = self._requests.message(policy, Request(copy.file, copy.size, stop_at_first))
        descriptor = await copy.descriptor()
        try:
            worker, raw = await self._answered(message, descriptor, settings.time)
            examined = self._read(worker, raw, self._requests.reasons(policy, copy.file), settings)
        except TimeoutError:
            return self._death(copy, "time", f"{settings.time:g} s")
        except WorkerGoneError as error:
            cause = str(error)
            return self._death(copy, cause, f"{settings.cpu} s of computing" if cause == "cpu" else "")
        except answer.NonsenseError as error:
            return self._death(copy, "nonsense", str(error))
        finally:
            os.close(descriptor)
        for failure in examined.failures:
            _log.error("a check failed on a file: %s", failure)
        return examined

    async def _answered(self, message: bytes, descriptor: int, time: float) -> tuple[Worker, bytes]:
        """Ask a worker; a fresh one where one that had served before turns out to be gone."""
        while True:
            worker = self._worker()
            try:
                return worker, await self._answer(worker, message, descriptor, time)
            except WorkerGoneError:
                if not worker.files:
                    raise

    async def _answer(self, worker: Worker, message: bytes, descriptor: int, time: float) -> bytes:
        answered, clock = False, asyncio.get_running_loop().time
        began = clock()
        try:
            async with asyncio.timeout(time):
                raw = await ask(worker.channel, message, descriptor)
            answered = True
        except WorkerGoneError:
            raise WorkerGoneError(await _cause(worker)) from None
        else:
            worker.busy += clock() - began
            return raw
        finally:
            if not answered:
                worker.close()
                if self._template is not None:
                    self._template.kill(worker)

    def _read(self, worker: Worker, raw: bytes, reasons: Mapping[str, Reason], settings: Isolation) -> Examined:
        """What a worker answered; one that answered well may see another file."""
        try:
            examined = answer.read(raw, reasons)
        except answer.NonsenseError:
            worker.close()
            raise
        self._keep(worker, settings)
        return examined

    def _keep(self, worker: Worker, settings: Isolation) -> None:
        """Let a worker that is as good as new wait for another file.

        The kernel counts its computing over all files, so one that used a tenth of what a single file may use ends.
        """
        worker.files += 1
        fresh = worker.files < settings.files and worker.busy < settings.cpu * _WORN
        if fresh and not self._stopped and len(self._spare) < settings.workers:
            self._spare.append(worker)
        else:
            worker.close()

    def _death(self, copy: Copy, cause: str, actual: str) -> Examined:
        self._died(cause)
        _log.warning("a worker died while it examined a file of %d bytes: %s %s", copy.size, cause, actual)
        return _unexamined(copy, _REASONS[cause], actual)

    def _worker(self) -> Worker:
        """A worker that waits, or a fresh one."""
        while self._spare:
            if not (worker := self._spare.popleft()).ended.done():
                return worker
            worker.close()
        return self._fork()

    def _fork(self) -> Worker:
        settings, loop = self._settings(), asyncio.get_running_loop()
        if self._template is None:
            if self._stopped or loop.time() < self._started + _RESTART:
                raise WorkerGoneError("crash")
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


async def _cause(worker: Worker) -> str:
    try:
        async with asyncio.timeout(_LAST_WORDS):
            return cause_of(await asyncio.shield(worker.ended))
    except TimeoutError:
        return "crash"


def _unexamined(copy: Copy, reason: Reason, actual: str = "", expected: str = "") -> Examined:
    return Examined((Finding(reason, actual, expected, printable(copy.file.part.name)),))
