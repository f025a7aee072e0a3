"""The audit log: a line for every upload, written by a thread, so that no disk ever delays an upload."""

import logging
import secrets
import time
from collections.abc import Callable
from typing import Final

from sidecar.policy.settings.audit import Audit
from sidecar.telemetry.audit_file import AuditFile
from sidecar.telemetry.audit_line import line_of
from sidecar.telemetry.line_thread import LineThread
from sidecar.telemetry.outcome import Outcome

_log: Final = logging.getLogger("sidecar.audit")
_CLOSE_TIMEOUT: Final = 1.0
_PROCESS_KEY: Final = secrets.token_bytes(32)
"""Of the digests of names where no key is set; it lives as long as the process."""


class _Writer(LineThread):
    """Appends to one file; what cannot be written is dropped, counted, and told once until it works again."""

    def __init__(self, file: AuditFile, dropped: Callable[[int], None]) -> None:
        self._file = file
        self._failing = False
        super().__init__("audit", dropped)

    def _send(self, lines: bytes) -> None:
        if not lines:
            return
        lost, why = self._file.append(lines)
        if lost:
            self._dropped(lost)
        if lost and not self._failing:
            _log.error("audit.file cannot be written: %s; uploads go on, lines are dropped and counted", why)
        if self._failing and not lost:
            _log.info("audit.file is written again")
        self._failing = bool(lost)

    def _end(self) -> None:
        """Nothing stays open."""


class AuditLog:
    """Owns the way of the lines; off until settings name a file."""

    def __init__(self, dropped: Callable[[int], None], clock: Callable[[], float] = time.time) -> None:
        self._dropped = dropped
        self._clock = clock
        self._settings = Audit()
        self._writer: _Writer | None = None

    def apply(self, settings: Audit) -> None:
        """Take new settings; lines that are on their way still go where they were meant to."""
        if settings == self._settings:
            return
        self._settings = settings
        self.close(0.0)
        if settings.file:
            self._writer = _Writer(AuditFile(settings.file, settings.max_size, settings.keep), self._dropped)

    def record(self, outcome: Outcome, key: Callable[[], bytes]) -> None:
        """Tell of an upload, as long as there is a file for it.

        Args:
            outcome: of the upload.
            key: gives that of the digests of names; an empty one: a key that lives as long as the process.
        """
        if self._writer is not None:
            self._writer.write(line_of(outcome, self._settings, key() or _PROCESS_KEY, self._clock()))

    def close(self, timeout: float = _CLOSE_TIMEOUT) -> None:
        """Wait a little for the lines to be out."""
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.close(timeout)
