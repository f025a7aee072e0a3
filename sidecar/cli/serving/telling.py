"""Tells of every finished exchange whoever wants to know: metrics, log, audit, and the status page of refusals."""

import logging
import time
from collections.abc import Callable
from typing import Final

from sidecar.policy.settings.model import Config
from sidecar.proxy.control.in_force import InForce
from sidecar.telemetry.audit_log import AuditLog
from sidecar.telemetry.log import log_outcome
from sidecar.telemetry.metrics import Metrics
from sidecar.telemetry.outcome import Outcome
from sidecar.telemetry.refusals import Refusals

_log: Final = logging.getLogger("sidecar")


class Telling:
    """What is told follows the configuration in force.

    Attributes:
        refusals: the last of them.
    """

    def __init__(self, metrics: Metrics, current: Callable[[], InForce]) -> None:
        self.refusals = Refusals()
        self._metrics = metrics
        self._audit = AuditLog(metrics.state.audit_dropped)
        self._current = current

    def apply(self, config: Config) -> None:
        """Take a configuration."""
        self._audit.apply(config.audit)

    def report(self, outcome: Outcome) -> None:
        """Tell of an exchange; what fails here must not end the connection that it was about."""
        try:
            in_force = self._current()
            self._metrics.observe(outcome)
            log_outcome(outcome, in_force.config.log)
            if outcome.upload:
                self._audit.record(outcome, in_force.audit_key.key)
                if outcome.findings or outcome.error:
                    self.refusals.note(outcome, in_force.config.log, time.time())
        except Exception:  # noqa: BLE001 - a bug in the telling hurts nobody else
            _log.exception("request %s could not be reported", outcome.request_id)

    def close(self) -> None:
        """Write what is left of the audit log."""
        self._audit.close()
