"""Puts the files of refused uploads into quarantine, and lets them go when their time is up."""

import asyncio
import logging
import os
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

from sidecar.inspection.file import record_of
from sidecar.inspection.finding import Finding, printable
from sidecar.inspection.reason import Retry
from sidecar.isolation.copy import Copy
from sidecar.policy.settings.scanners import Quarantine
from sidecar.proxy.reasons import RefusedError
from sidecar.scanners.quarantine import PRIVATE, Store, open_to_others

_log: Final = logging.getLogger("sidecar.quarantine")
_PATIENCE: Final = 10.0
"""Seconds that a refusal waits for the disk; the writing goes on behind it."""
_MOST_WAITING: Final = 32
"""Files that wait for the disk, each holding memory or room in the spool that nobody counts any more."""
_PRUNED_EVERY: Final = 60.0


class Quarantining:
    """Writes on a thread of its own, so that a disk that hangs holds up nothing else."""

    def __init__(self, told: Callable[[str], None]) -> None:
        """Nothing is kept yet.

        Args:
            told: is told for each file: `kept`, `too_large` or `failed`.
        """
        self._told = told
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="quarantine")
        self._waiting = 0
        self._warned = ""
        self._pruning: asyncio.Task[None] | None = None

    def start(self, settings: Callable[[], Quarantine]) -> None:
        """Look for what is too old from now on, by the settings in force."""
        self._pruning = asyncio.create_task(self._prune(settings), name="prune quarantine")

    async def close(self) -> None:
        """End; what is being written is written to its end."""
        if self._pruning is not None:
            self._pruning.cancel()
            await asyncio.wait({self._pruning})
        self._thread.shutdown(wait=False)

    async def _prune(self, settings: Callable[[], Quarantine]) -> None:
        while True:
            if settings().directory and not self._waiting:
                try:
                    self._warn(await self._on_thread(open_to_others, Path(settings().directory)))
                    await self._on_thread(_store(settings()).prune, time.time())
                except OSError as error:
                    _log.error("quarantine.directory cannot be pruned: %s", error)
            await asyncio.sleep(_PRUNED_EVERY)

    def _warn(self, why: str) -> None:
        """Once, and again where it is another matter."""
        if why and why != self._warned:
            _log.warning("quarantine.directory: %s; expected %s", why, PRIVATE)
        self._warned = why

    async def keep(
        self, settings: Quarantine, copies: Sequence[Copy], findings: Sequence[Finding], about: Mapping[str, str]
    ) -> None:
        """Keep the files that the findings are about; a failure is told in log and metrics, and changes no verdict.

        What the client may simply send again is not kept: while a scanner is down that is every upload there is, and
        would push out what was refused for its content.

        Args:
            settings: where, and how much.
            copies: the files of the upload.
            findings: why it is refused.
            about: the request: its id, route and policy.
        """
        concerned = {finding.part for finding in findings if finding.reason.retry is not Retry.SAFE}
        for copy in copies:
            if copy.size != copy.file.size or not concerned & {None, printable(copy.file.part.name)}:
                continue
            try:
                number = await self._keep(_store(settings), copy, {**about, **_manifest(copy, findings)})
            except (OSError, RefusedError, TimeoutError) as error:
                _log.error("a refused file could not be kept in quarantine.directory: %s", str(error) or "it is late")
                self._told("failed")
            else:
                _log.warning("request %s: quarantined as %s", about["request_id"], number or "nothing: it is too large")
                self._told("kept" if number else "too_large")

    async def _keep(self, store: Store, copy: Copy, about: dict[str, Any]) -> str:
        if self._waiting >= _MOST_WAITING:
            raise OSError(f"{self._waiting} files wait for the disk already")
        found = await copy.range()

        def keep() -> str:
            try:
                return store.keep(found, about, time.time())
            finally:
                os.close(found.descriptor)

        async with asyncio.timeout(_PATIENCE):
            return str(await self._on_thread(keep))

    async def _on_thread(self, work: Callable[..., Any], *arguments: Any) -> Any:  # noqa: ANN401 - any work
        """Go on with it where nobody waits for it any more."""
        self._waiting += 1
        working = asyncio.get_running_loop().run_in_executor(self._thread, work, *arguments)
        working.add_done_callback(self._done)
        return await asyncio.shield(working)

    def _done(self, working: asyncio.Future[Any]) -> None:
        self._waiting -= 1
        if not working.cancelled():
            working.exception()  # seen, whether or not somebody waited for it


def _store(settings: Quarantine) -> Store:
    return Store(
        Path(settings.directory),
        max_bytes=settings.max_bytes, max_age=settings.max_age, max_files=settings.max_files,
    )  # fmt: skip


def _manifest(copy: Copy, findings: Sequence[Finding]) -> dict[str, Any]:
    record = record_of(copy.file)
    return {
        "field": record.field,
        "name": record.filename,
        "declared_type": record.declared_type,
        "content_type": record.content_type,
        "sha256": record.sha256,
        "findings": [{"code": finding.reason.code, "actual": finding.actual} for finding in findings],
    }
