"""The scanners that one policy asks, and what their results mean for an upload."""

import asyncio
import contextlib
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sidecar.inspection.finding import Finding
from sidecar.isolation.copy import Copy
from sidecar.policy.settings.scanners import Scanning
from sidecar.scanners.held import Held
from sidecar.scanners.reasons import BY_TROUBLE, MALWARE_FOUND
from sidecar.scanners.result import Bad, Clean, NotExamined, Result, Trouble
from sidecar.scanners.scanner import Scanner


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Bench:
    """Scanners as they were when an upload began; a reload changes nothing for it."""

    scanning: Scanning
    scanners: tuple[Scanner, ...]
    missing: tuple[str, ...] = ()
    """Names that no scanner has."""

    @property
    def largest(self) -> int:
        """Bytes of the largest file that any of them takes."""
        return max((scanner.settings.max_file for scanner in self.scanners), default=0)

    @property
    def wants_files_alone(self) -> bool:
        """Whether any of them cannot be given a part of what stands behind a descriptor."""
        return any(scanner.wants_files_alone for scanner in self.scanners)

    async def judge(self, copies: Sequence[Copy], *, stop_at_first: bool) -> list[Finding]:
        """What is found in the files of one upload; never raises, and never waits beyond the deadlines.

        Args:
            copies: the files.
            stop_at_first: leave out what could not change the verdict any more.
        """
        if not copies:
            return []
        with contextlib.ExitStack() as opened:
            held = [await _held(copy, opened) for copy in copies]
            readable = [(copy, file) for copy, file in zip(copies, held, strict=True) if file is not None]
            unreadable = [copy for copy, file in zip(copies, held, strict=True) if file is None]
            found = await self._results([file for _, file in readable], stop_at_first=stop_at_first)
        findings = [self._finding(copy, NotExamined(Trouble.TOO_LARGE, "it was not kept")) for copy in unreadable]
        findings += [self._finding(copy, NotExamined(Trouble.DOWN)) for copy in copies if self.missing]
        for name, results in found:
            findings += [
                self._finding(copy, result, name)
                for (copy, _), result in zip(readable, results, strict=False)
                if not isinstance(result, Clean)
            ]
        return _in_order(findings)

    async def _results(self, files: Sequence[Held], *, stop_at_first: bool) -> list[tuple[str, list[Result]]]:
        if self.scanning.run == "side_by_side":
            async with asyncio.TaskGroup() as group:
                tasks = [
                    (scanner.name, group.create_task(scanner.scan(files, stop_at_bad=stop_at_first)))
                    for scanner in self.scanners
                ]
            return [(name, task.result()) for name, task in tasks]
        found: list[tuple[str, list[Result]]] = []
        for scanner in self.scanners:
            results = await scanner.scan(files, stop_at_bad=stop_at_first)
            found.append((scanner.name, results))
            if any(isinstance(result, Bad) for result in results):
                break
        return found

    def _finding(self, copy: Copy, result: Bad | NotExamined, scanner: str = "") -> Finding:
        part = copy.file.part.name
        if isinstance(result, Bad):
            return Finding(MALWARE_FOUND, f"{result.name}, by {scanner}").at(part)
        of_engine = result.trouble.of_the_engine
        what_then = self.scanning.on_down if of_engine else self.scanning.on_not_examined
        # What is wrong with an engine is for operators: the log tells it.
        actual = "" if of_engine else result.detail
        return Finding(BY_TROUBLE[result.trouble], actual, forward=what_then == "forward").at(part)


async def _held(copy: Copy, opened: contextlib.ExitStack) -> Held | None:
    if copy.size != copy.file.size:  # there was no room, or it is larger than anybody examines
        return None
    try:
        found = await copy.range()
    except OSError:
        return None
    opened.callback(os.close, found.descriptor)
    return Held(found, copy.file.sha256)


def _in_order(findings: Iterable[Finding]) -> list[Finding]:
    """What is bad first: it is the better answer, and the one that a client should not send again."""
    return sorted(findings, key=lambda finding: finding.reason.not_examined)
