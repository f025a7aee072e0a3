"""Examines files in workers, within limits of number and time; whatever a worker does, its file gets an answer."""

import asyncio
import contextlib
import logging
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from sidecar.inspection.checks.metadata_removal import MetadataRemoval
from sidecar.inspection.examined import Examined
from sidecar.isolation import answer, unanswered
from sidecar.isolation.channel import WorkerGoneError
from sidecar.isolation.copy import Copy
from sidecar.isolation.places import Kind, Place, Places
from sidecar.isolation.process import TEMPLATE, Worker
from sidecar.isolation.question import Question, all_in_memory, packet
from sidecar.isolation.request import Policies, Written
from sidecar.isolation.sealed import sealed
from sidecar.isolation.together import SMALL, Together
from sidecar.isolation.workers import NoTemplateError, Workers, death_of
from sidecar.policy.settings.model import Isolation, Policy

_log: Final = logging.getLogger("sidecar.isolation")
_SOON: Final = 0.5
"""Seconds for several quick files together, which take milliseconds: a slow one keeps the others waiting no longer."""
_SOON_AT_FIRST: Final = 5.0
"""The same where the worker, or its template, may still be starting."""


class Pool:
    """Has as many files examined at once as there may be workers; who comes then waits for a place."""

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
            died: told why a worker died, one of unanswered.CAUSES.
            filtered: told whether the kernel filters the calls of workers.
            share: how many processes divide `workers` between them.
        """
        self._settings = settings
        self._died = died
        self._workers = Workers(settings, filtered)
        self._places = Places(lambda: max(1, settings().workers // share))
        self._policies = Policies()
        self._together = Together(self._places, settings, self._all, self._busy, self._give)

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
            return unanswered.too_large(copy, settings.max_file)
        asked = Question(copy, policy, stop_at_first, explain)
        quick = size <= SMALL and self._policies.are_quick(copy.file.wanted_by)
        if quick and not explain and settings.files > 1:
            examined = await self._together.answer(asked)
            if examined is not None:
                return examined
        return await self._alone(asked, Kind.QUICK if quick else Kind.NEW)

    async def _alone(self, asked: Question, kind: Kind) -> Examined:
        """Examine it in a place of its own; where it takes too long for that, anew in one where it may."""
        patience, loop = self._settings().patience, asyncio.get_running_loop()
        asks = loop.time()
        while (place := await self._places.take(kind, patience)) is not None:
            patience -= loop.time() - asks if kind is Kind.LONG else 0.0
            limit = asyncio.timeout(None)
            try:
                async with limit:
                    place.limit = limit
                    return await self._examined(await asked.placed(), self._settings())
            except TimeoutError:
                if not limit.expired():
                    raise
            finally:
                self._give(place)
            kind, asks = Kind.LONG, loop.time()
        return self._busy(asked.copy)

    async def _all(self, wanted: Sequence[Question]) -> Sequence[Examined | None]:
        """What one worker says of all that are in memory; None where it does not come to an end with them soon."""
        asked = all_in_memory(wanted)
        told: Iterator[Examined] = iter(())
        if placed := [one for one in asked if one is not None]:
            with contextlib.suppress(TimeoutError, WorkerGoneError, answer.NonsenseError):
                worker = self._workers.take(len(placed))
                seconds = _SOON if worker.files else _SOON_AT_FIRST
                told = iter(await self._ask(worker, placed, seconds))
        return [None if one is None else next(told, None) for one in asked]

    def _give(self, place: Place) -> None:
        self._places.give(place)
        self._workers.prepare()

    async def _examined(self, asked: Question, settings: Isolation) -> Examined:
        copy = asked.copy
        try:
            return await self._answered(asked, settings)
        except TimeoutError:
            return self._death(copy, "time", f"{settings.time:g} s")
        except WorkerGoneError as error:
            cause = str(error)
            return self._death(copy, cause, f"{settings.cpu} s of computing" if cause == "cpu" else "")
        except answer.NonsenseError as error:
            return self._death(copy, "nonsense", str(error))
        finally:
            _close(asked.descriptors)

    async def _answered(self, asked: Question, settings: Isolation) -> Examined:
        """Ask a worker; a fresh one where one that had served is gone, once where one went with its template."""
        once_more = True
        while True:
            worker = await self._worker(settings.patience)
            try:
                return (await self._ask(worker, [asked], settings.time))[0]
            except WorkerGoneError as error:
                of_file = str(error) != TEMPLATE
                if not (worker.files if of_file else once_more):
                    raise
                once_more = once_more and of_file

    async def _worker(self, patience: float) -> Worker:
        """A worker, from a template that may have to be awaited.

        Raises:
            NoTemplateError: there is none in time.
        """
        until = time.monotonic() + patience
        while True:
            try:
                return self._workers.take()
            except NoTemplateError as error:
                if time.monotonic() + error.seconds > until:
                    raise
                await asyncio.sleep(error.seconds)

    async def _ask(self, worker: Worker, asked: Sequence[Question], seconds: float) -> Sequence[Examined]:
        """One worker's answers; only after good ones does it see another file."""
        examined, began = None, time.monotonic()
        try:
            examined = await self._answers(worker, asked, seconds)
        except WorkerGoneError:
            raise WorkerGoneError(await death_of(worker)) from None
        finally:
            if examined is None:
                self._workers.end(worker)
        worker.busy += time.monotonic() - began
        self._workers.keep(worker, len(asked))
        for failure in (failure for one in examined for failure in one.failures):
            _log.error("a check failed on a file: %s", failure)
        return examined

    async def _answers(self, worker: Worker, asked: Sequence[Question], seconds: float) -> Sequence[Examined]:
        policy = self._policies.written(asked[0].policy)
        expected = [self._expected(one) for one in asked]
        lent: list[int] = []
        try:
            lent += _of_policy(worker, policy)
            lent += _of_tray(worker, asked)
            descriptors = (*lent, *(descriptor for one in asked for descriptor in one.descriptors))
            message = packet(policy.number, asked)
            raw = await worker.channel.ask(message, descriptors, seconds, answer.most(expected))
            return answer.read(raw, expected)
        finally:
            _close(lent)

    def _expected(self, asked: Question) -> answer.Expected:
        file = asked.copy.file
        reasons = self._policies.reasons(asked.policy, file)
        return answer.Expected(reasons, tree=asked.explain, rewrite=MetadataRemoval.name in file.wanted_by)

    def _busy(self, copy: Copy) -> Examined:
        return unanswered.busy(copy, self._places.waiting)

    def _death(self, copy: Copy, cause: str, actual: str) -> Examined:
        self._died(cause)
        _log.warning("a worker died while it examined a file of %d bytes: %s %s", copy.size, cause, actual)
        return unanswered.died(copy, cause, actual)


def _of_policy(worker: Worker, policy: Written) -> Sequence[int]:
    """A descriptor of the policy, where this worker has not seen it; whoever asks closes it."""
    if policy.number in worker.policies:
        return ()
    descriptor = sealed([policy.pickled])
    worker.policies.add(policy.number)
    return (descriptor,)


def _of_tray(worker: Worker, asked: Sequence[Question]) -> Sequence[int]:
    """Lay there what is to be; a descriptor of it, where this worker has not seen it; whoever asks closes it."""
    pieces = [piece for one in asked for piece in one.pieces or ()]
    return worker.channel.lay(pieces) if pieces else ()


def _close(descriptors: Iterable[int]) -> None:
    for descriptor in descriptors:
        os.close(descriptor)
