"""Metrics of scanners: what they said, how long it took, whether they work."""

from collections.abc import Mapping

from sidecar.scanners.result import RESULTS, Result, result_label
from sidecar.scanners.scanner import Scanner
from sidecar.telemetry import buckets
from sidecar.telemetry.families import Families, Merge

CACHED = "cached"


class Scans:
    """Counts scans (a `scanners.scanner.Witness`), and reads the state of their engines at every scrape."""

    def __init__(self, families: Families) -> None:
        self._scans = families.counter(
            "scans", "Files before an engine, by what it said; other than clean, bad and cached nobody has seen them.",
            "engine", "result",
        )  # fmt: skip
        self._seconds = families.histogram(
            "scan_duration_seconds", "Time for one file at an engine, its wait for a place included.", buckets.TIME,
            "engine",
        )  # fmt: skip
        self._waits = families.histogram(
            "scan_queue_wait_seconds", "Time that a scan has waited for its place.", buckets.OVERHEAD
        )
        self._slots = families.gauge("scan_slots", "Scans that may go on at once, over all engines.", merge=Merge.SUM)
        self._in_use = families.gauge("scan_slots_in_use", "Scans that go on, over all engines.", merge=Merge.SUM)
        self._up = families.gauge(
            "scanner_up",
            "1 while an engine is proven to tell the EICAR test file from a clean one.",
            "engine",
            merge=Merge.MIN,
        )
        self._open = families.gauge(
            "scanner_breaker_open", "1 while an engine is left alone after failures.", "engine", merge=Merge.MAX
        )
        self._reloaded = families.gauge(
            "scanner_last_reload_successful",
            "0 while newer signatures than those in force cannot be used.",
            "engine",
            merge=Merge.MIN,
        )
        self._signed = families.gauge(
            "scanner_signature_timestamp_seconds",
            "When the signatures of an engine were made.",
            "engine",
            merge=Merge.MIN,
        )
        self._quarantined = families.counter(
            "quarantined_files", "Refused files that were to be kept, by whether they were.", "result"
        )
        for result in ("kept", "too_large", "failed"):
            self._quarantined.labels(result)
        self._followed: Mapping[str, Scanner] = {}

    def follow(self, scanners: Mapping[str, Scanner]) -> None:
        """Tell of these from now on; what others counted stays."""
        for name in self._followed.keys() - scanners.keys():
            for gauge in (self._up, self._open, self._reloaded, self._signed):
                gauge.remove_by_labels({"engine": name})
        for name, scanner in scanners.items():
            self._follow(name, scanner)
        self._followed = scanners
        self._slots.set_function(lambda: float(sum(scanner.slots.limit for scanner in scanners.values())))
        self._in_use.set_function(lambda: float(sum(scanner.slots.in_use for scanner in scanners.values())))

    def _follow(self, name: str, scanner: Scanner) -> None:
        for result in (*RESULTS, CACHED):
            self._scans.labels(name, result)
        self._seconds.labels(name)
        self._up.labels(name).set_function(lambda: float(scanner.health.up))
        self._open.labels(name).set_function(lambda: float(scanner.health.breaker_open))
        self._reloaded.labels(name).set_function(lambda: float(not scanner.refused))

    def scanned(self, engine: str, result: Result, seconds: float, *, cached: bool) -> None:
        """A file was scanned, or could not be."""
        self._scans.labels(engine, CACHED if cached else result_label(result)).inc()
        self._seconds.labels(engine).observe(seconds)

    def waited(self, seconds: float) -> None:
        """A scan has waited for its place."""
        self._waits.observe(seconds)

    def quarantined(self, result: str) -> None:
        """A refused file was to be kept: `kept`, `too_large` or `failed`."""
        self._quarantined.labels(result).inc()

    def signed(self, engine: str, at: float) -> None:
        """An engine has told when its signatures were made, as Unix time."""
        self._signed.labels(engine).set(at)
