"""Gauges that are read from their source when somebody scrapes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from sidecar.telemetry.families import Families, Merge


def _nothing() -> float:
    """Stands for a source that is not there yet."""
    return 0.0


_Source = Callable[[], float]


def _is(text: str, merge: Merge) -> Mapping[str, Any]:
    return {"text": text, "merge": merge}


@dataclass(frozen=True, slots=True)
class Readings:
    """Where each gauge gets its value; called from a thread, so each must only read."""

    requests_in_flight: _Source = field(default=_nothing, metadata=_is("Requests begun and not finished.", Merge.SUM))
    tunnels_open: _Source = field(
        default=_nothing, metadata=_is("WebSockets and other tunnels that are open.", Merge.SUM)
    )
    spool_used_bytes: _Source = field(
        default=_nothing, metadata=_is("Bytes of held uploads, in memory and in files.", Merge.SUM)
    )
    spool_limit_bytes: _Source = field(
        default=_nothing, metadata=_is("Bytes that held uploads may take together.", Merge.SUM)
    )
    event_loop_lag_seconds: _Source = field(
        default=_nothing, metadata=_is("Longest delay of the event loop in the last half minute.", Merge.MAX)
    )
    ready: _Source = field(default=_nothing, metadata=_is("1 while new traffic is welcome.", Merge.OWN))
    draining: _Source = field(default=_nothing, metadata=_is("1 while only what is under way is finished.", Merge.OWN))


class ReadGauges:
    """The gauges of all Readings."""

    def __init__(self, families: Families) -> None:
        self._gauges = {each.name: families.gauge(each.name, **each.metadata) for each in fields(Readings)}

    def read_from(self, readings: Readings) -> None:
        """Names the sources; until then every gauge is 0."""
        for source in fields(readings):
            self._gauges[source.name].set_function(getattr(readings, source.name))
