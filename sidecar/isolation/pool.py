"""Examines files in workers, within limits of number and time; whatever a worker does, its file gets an answer."""

import logging
import os
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple

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
from sidecar.isolation.channel import WorkerGoneError
from sidecar.isolation.copy import Copy, Range
from sidecar.isolation.process import Worker
from sidecar.isolation.request import Policies, Request, written
from sidecar.isolation.sealed import sealed
from sidecar.isolation.slots import Slots
from sidecar.isolation.workers import Workers, death_of
from sidecar.policy.model import Isolation, Policy

_log: Final = logging.getLogger("sidecar.isolation")
_REASONS: Final = {
    "time": EXAMINATION_TIMED_OUT,
    "cpu": EXAMINATION_TIMED_OUT,
    "memory": EXAMINATION_OUT_OF_MEMORY,
    "crash": EXAMINATION_CRASHED,
    "nonsense": EXAMINATION_UNREADABLE,
}
CAUSES: Final = tuple(_REASONS)
"""Why workers die before they have answered."""


class _Question(NamedTuple):
    """What `Pool.examine` was asked."""

    copy: Copy
    data: bytes | None
    policy: Policy
    stop_at_first: bool
    explain: bool
    of_file: Range | None
    """Where its bytes stand, if they are not at hand."""


class Pool:
    """Has as many files examined at once as there may be workers; who comes then waits in turn."""

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
        self._workers = Workers(settings, filtered)
        self._slots = Slots(lambda: max(1, settings().workers // share))
        self._policies = Policies()

    @property
    def processes(self) -> int:
        """Workers that have not ended."""
        return self._workers.processes

    @property
    def template_pid(self) -> int:
        """The template's process; 0 where there is none."""
        return self._workers.template_pid

    def prepare(self) -> None:
        """Start what is to be there before it is needed."""
        self._workers.prepare()

    def wake(self) -> None:
        """Start again what was given up for want of files."""
        self._workers.wake()

    async def stop(self) -> None:
        """End all processes."""
        await self._workers.stop()

    async def examine(self, copy: Copy, policy: Policy, *, stop_at_first: bool, explain: bool = False) -> Examined:
        """What the checks that want a file find in it; never an exception of its own.

        Args:
            copy: the file.
            policy: what is allowed.
            stop_at_first: end the work at the first finding that refuses.
            explain: give the tree of what was examined, too.
        """
        settings = self._settings()
        size = copy.file.size
        if size > settings.max_file or size != copy.size:  # what is too large was not kept
            return _unexamined(copy, EXAMINATION_TOO_LARGE, f"{size} bytes", f"at most {in_words(settings.max_file)}")
        if not await self._slots.take(settings.patience):
            return _unexamined(copy, EXAMINATION_BUSY, f"{self._slots.waiting} more are waiting")
        try:
            data = copy.at_hand()
            of_file = await copy.range() if data is None else None
            return await self._examined(_Question(copy, data, policy, stop_at_first, explain, of_file), settings)
        finally:
            self._slots.give()
            self._workers.prepare()

    async def _examined(self, asked: _Question, settings: Isolation) -> Examined:
        copy = asked.copy
        try:
            examined = await self._answered(asked, settings.time)
        except TimeoutError:
            return self._death(copy, "time", f"{settings.time:g} s")
        except WorkerGoneError as error:
            cause = str(error)
            return self._death(copy, cause, f"{settings.cpu} s of computing" if cause == "cpu" else "")
        except answer.NonsenseError as error:
            return self._death(copy, "nonsense", str(error))
        finally:
            _close(() if asked.of_file is None else (asked.of_file.descriptor,))
        for failure in examined.failures:
            _log.error("a check failed on a file: %s", failure)
        return examined

    async def _answered(self, asked: _Question, seconds: float) -> Examined:
        """Ask a worker; a fresh one where one that had served before turns out to be gone."""
        while True:
            worker = self._workers.take()
            try:
                return await self._ask(worker, asked, seconds)
            except WorkerGoneError:
                if not worker.files:
                    raise

    async def _ask(self, worker: Worker, asked: _Question, seconds: float) -> Examined:
        """One worker's answer; only after a good one does it see another file."""
        answered, began = False, time.monotonic()
        packet, of_policy = self._message(worker, asked)
        of_file = () if asked.of_file is None else (asked.of_file.descriptor,)
        try:
            raw = await worker.channel.ask(packet, (*of_policy, *of_file), seconds)
            examined = answer.read(raw, self._policies.reasons(asked.policy, asked.copy.file))
            answered = True
        except WorkerGoneError:
            raise WorkerGoneError(await death_of(worker)) from None
        else:
            worker.busy += time.monotonic() - began
            self._workers.keep(worker)
            return examined
        finally:
            _close(of_policy)
            if not answered:
                self._workers.end(worker)

    def _message(self, worker: Worker, asked: _Question) -> tuple[bytes, Sequence[int]]:
        """The packet, and a descriptor of the policy where this worker has not seen it; whoever asks closes it."""
        policy = self._policies.written(asked.policy)
        start = 0 if asked.of_file is None else asked.of_file.start
        packet = written(Request(policy.number, asked.copy.file, asked.data, start, asked.stop_at_first, asked.explain))
        if policy.number in worker.policies:
            return packet, ()
        worker.policies.add(policy.number)
        return packet, (sealed([policy.pickled]),)

    def _death(self, copy: Copy, cause: str, actual: str) -> Examined:
        self._died(cause)
        _log.warning("a worker died while it examined a file of %d bytes: %s %s", copy.size, cause, actual)
        return _unexamined(copy, _REASONS[cause], actual)


def _close(descriptors: Iterable[int]) -> None:
    for descriptor in descriptors:
        os.close(descriptor)


def _unexamined(copy: Copy, reason: Reason, actual: str = "", expected: str = "") -> Examined:
    return Examined((Finding(reason, actual, expected, printable(copy.file.part.name)),))
