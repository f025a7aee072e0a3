"""Metrics of what is in force: version, mode, configuration, log."""

import platform
from collections.abc import Mapping

from prometheus_client import Gauge

from sidecar import __version__
from sidecar.policy.routing.ladder import SOURCES, Decision
from sidecar.telemetry.families import Families, Merge
from sidecar.telemetry.labels import CERTIFICATES, LEVELS, MODES, RELOAD_RESULTS


class State:
    """Tells what runs and with which configuration."""

    def __init__(self, families: Families) -> None:
        self._mode = families.gauge("mode", "1 for the mode in force.", "mode", merge=Merge.OWN)
        self._modes = {mode: self._mode.labels(mode) for mode in MODES}
        self._config = families.gauge("config_info", "1 for the configuration in force.", "sha256", merge=Merge.OWN)
        self._successful = families.gauge(
            "config_last_reload_successful",
            "1 if the last configuration read was taken, 0 if it was refused.",
            merge=Merge.OWN,
        )
        self._succeeded_at = families.gauge(
            "config_last_reload_success_timestamp_seconds",
            "When a configuration was taken last.",
            merge=Merge.OWN,
        )
        reloads = families.counter("config_reloads", "Configurations read after the start.", "result", merge=Merge.OWN)
        self._reloads = {result: reloads.labels(result) for result in RELOAD_RESULTS}
        self._shares = families.gauge(
            "enforced_ratio",
            "Share of the clients whose bad uploads are refused.",
            "route",
            merge=Merge.OWN,
        )
        self._source = families.gauge(
            "mode_source", "1 for the place that decided the mode in force.", "source", merge=Merge.OWN
        )
        self._sources = {source: self._source.labels(source) for source in SOURCES}
        self._since = families.gauge(
            "mode_since_timestamp_seconds", "Since when it is the mode in force.", merge=Merge.OWN
        )
        self._lowered = families.gauge(
            "mode_lowered", "1 while a switch holds the mode below the configuration's.", merge=Merge.OWN
        )
        self._mode_file = families.gauge(
            "mode_file_valid",
            "0 while the mode file is missing, or cannot be read or understood; 1 without one.",
            merge=Merge.OWN,
        )
        self._certificates = families.gauge(
            "certificate_expires_timestamp_seconds",
            "When the certificates in use expire: the first of a chain, the last of some authorities.",
            "setting",
            merge=Merge.MIN,
        )
        messages = families.counter("log_messages", "Log lines made, those that were dropped among them.", "level")
        self._messages = {level: messages.labels(level) for level in LEVELS}
        self._dropped = families.counter("log_lines_dropped", "Log lines lost because nobody read standard output.")
        self._audit_dropped = families.counter(
            "audit_records_dropped", "Lines of the audit log lost because its file could not take them in time."
        )
        self._deaths = families.counter(
            "worker_deaths", "Workers that ended though nobody had told them to.", merge=Merge.OWN
        )
        _build(families).set(1)

    def started(self, sha256: str, now: float) -> None:
        """The configuration of the start is in force, from `now` in Unix time."""
        self._config.clear()  # one series, not one per configuration that there ever was
        self._config.labels(sha256).set(1)
        self._successful.set(1)
        self._succeeded_at.set(now)

    def reloaded(self, sha256: str, now: float) -> None:
        """A new configuration is in force, from `now` in Unix time."""
        self.started(sha256, now)
        self._reloads["success"].inc()

    def decided(self, decision: Decision, since: float, shares: Mapping[str, float]) -> None:
        """A mode is in force, since then in Unix time, and on each route for a share of the clients."""
        for name, gauge in self._modes.items():
            gauge.set(name == decision.mode.value)
        for name, gauge in self._sources.items():
            gauge.set(name == decision.by.source)
        self._since.set(since)
        self._lowered.set(decision.lowered)
        self._mode_file.set(not any(rung.source == "mode_file" and rung.note for rung in decision.rungs))
        self._shares.clear()  # a route that is gone has no share
        for route, ratio in shares.items():
            self._shares.labels(route).set(ratio)

    def reload_failed(self) -> None:
        """A configuration was refused; the one before stays in force."""
        self._successful.set(0)
        self._reloads["failure"].inc()

    def certificates(self, ends: Mapping[str, float]) -> None:
        """Certificates are in use until then, as Unix time, by the settings that name them."""
        for setting in CERTIFICATES:
            if setting in ends:
                self._certificates.labels(setting).set(ends[setting])
            else:
                self._certificates.remove_by_labels({"setting": setting})

    def worker_died(self) -> None:
        """A worker ended by itself."""
        self._deaths.inc()

    def logged(self, level: str) -> None:
        """A line went to the log; `critical` counts as `error`."""
        (self._messages.get(level) or self._messages["error"]).inc()

    def log_dropped(self, lines: int) -> None:
        """Lines could not be written."""
        self._dropped.inc(lines)

    def audit_dropped(self, lines: int) -> None:
        """Lines of the audit log could not be written."""
        self._audit_dropped.inc(lines)


def _build(families: Families) -> Gauge:
    """The one series that tells the version."""
    family = families.gauge("build_info", "1 for the version that runs.", "version", "python", merge=Merge.OWN)
    return family.labels(__version__, platform.python_version())
