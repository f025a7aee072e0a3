"""Gauges that are read from their source when somebody scrapes."""

from collections.abc import Callable
from dataclasses import dataclass, fields

from sidecar.telemetry.families import Families


def _nothing() -> float:
    """Stands for a source that is not there yet."""
    return 0.0


@dataclass(frozen=True, slots=True)
class Readings:
    """Where each gauge gets its value; called from a thread, so each must only read."""

    requests_in_flight: Callable[[], float] = _nothing
    """Exchanges begun and not finished."""
    tunnels_open: Callable[[], float] = _nothing
    """WebSockets and other tunnels."""
    spool_used_bytes: Callable[[], float] = _nothing
    """Bytes of held uploads, in memory and in files."""
    spool_limit_bytes: Callable[[], float] = _nothing
    """What the held uploads may take together."""
    event_loop_lag_seconds: Callable[[], float] = _nothing
    """Longest delay of the event loop of late."""
    ready: Callable[[], float] = _nothing
    """1 while new traffic is welcome."""
    draining: Callable[[], float] = _nothing
    """1 while only what is under way is finished."""


_TEXTS = {
    "requests_in_flight": "Requests begun and not finished.",
    "tunnels_open": "WebSockets and other tunnels that are open.",
    "spool_used_bytes": "Bytes of held uploads, in memory and in files.",
    "spool_limit_bytes": "Bytes that held uploads may take together.",
    "event_loop_lag_seconds": "Longest delay of the event loop in the last half minute.",
    "ready": "1 while new traffic is welcome.",
    "draining": "1 while only what is under way is finished.",
}


class ReadGauges:
    """The gauges of all Readings."""

    def __init__(self, families: Families) -> None:
        self._gauges = {name: families.gauge(name, text) for name, text in _TEXTS.items()}

    def read_from(self, readings: Readings) -> None:
        """Names the sources; until then every gauge is 0."""
        for source in fields(readings):
            self._gauges[source.name].set_function(getattr(readings, source.name))
