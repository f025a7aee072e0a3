"""The scanners of `scan`: those that its policy names, asked as a sidecar would ask them."""

import asyncio
import logging
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from sidecar.cli.scanning.report import Told
from sidecar.cli.scanning.workers import ReadFile
from sidecar.inspection.file import File
from sidecar.inspection.finding import Finding
from sidecar.policy.settings.model import Config, Policy
from sidecar.scanners.panel import Panel
from sidecar.scanners.result import Bad, NotExamined, Result, result_label


class ScanEngines:
    """Proven with the first file, ended with the context.

    Attributes:
        told: what was said of the file that was asked about last.
        unasked: names of scanners that the policy wants and that are left out.
    """

    def __init__(self, config: Config, policy: Policy, runner: asyncio.Runner, *, ask: bool) -> None:
        self.told: list[Told] = []
        self.unasked: Sequence[str] = () if ask else policy.scanners.use
        self._policy = policy
        self._panel = Panel(self, time.monotonic)
        self._runner = runner
        self._started = not (ask and policy.scanners.use)
        # The report has all that the log would tell.
        logging.getLogger("sidecar.scanners").addHandler(logging.NullHandler())
        if not self._started:
            self._panel.apply(config.replaced(policies={"": policy}))

    def scan(self, file: File, data: bytes) -> Sequence[Finding]:
        """What the scanners find in a file."""
        return self._runner.run(self._scan(ReadFile(file, data))) if self._panel.scanners else ()

    async def _scan(self, read: ReadFile) -> list[Finding]:
        if not self._started:
            self._started = True
            self._panel.start()
        for scanner in self._panel.scanners.values():
            await scanner.health.known()
        bench = self._panel.bench(self._policy)
        return [] if bench is None else await bench.judge([read], stop_at_first=False)

    # What scanners tell (their Witness)

    def scanned(self, engine: str, result: Result, seconds: float, *, cached: bool) -> None:
        """A file was scanned, or could not be."""
        del cached  # of one file by the same scanner there is nothing to remember
        detail = ""
        match result:
            case Bad(name=text) | NotExamined(detail=text):
                detail = text
        health = self._panel.scanners[engine].health
        version = health.identity.version if health.up else ""
        self.told.append(Told(engine, version, result_label(result), detail, seconds))
        self.told.sort(key=lambda told: self._policy.scanners.use.index(told.scanner))

    def waited(self, seconds: float) -> None:
        """A scan has waited for its place."""

    def signed(self, engine: str, at: float) -> None:
        """An engine has told when its signatures were made."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._runner.run(self._panel.close())
