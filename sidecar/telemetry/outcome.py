"""The Outcome: one wide record of a finished exchange, from which log, metrics and audit are made."""

from dataclasses import dataclass, field

from sidecar.inspection.file import FileRecord
from sidecar.inspection.finding import Finding
from sidecar.telemetry.seen import Seen


@dataclass(frozen=True, slots=True)
class Tunnelled:
    """What went through a WebSocket or another tunnel."""

    up: int
    """Bytes from the client."""
    down: int
    """Bytes to the client."""
    seconds: float
    """How long it was open; no part of the exchange's duration."""
    end: str
    """done, idle, broken (one side reset its connection), cut (by us)."""


@dataclass(slots=True)
class Outcome:
    """Filled in while an exchange runs, read once when it is over. Times are seconds, sizes bytes."""

    request_id: str
    route: str
    """Label from the configuration; `default` where no route names the request."""
    method: str
    mode: str
    status: int = 0
    """Status of the answer that the client got; 0 where there was none (it went away)."""
    upload: bool = False
    """Whether the request was one to inspect."""
    verdict: str = ""
    """clean, bad, not_examined, not_inspected (mode off, or ended before its verdict); empty for what is no upload."""
    action: str = ""
    """forwarded (let through; the service may be down all the same) or rejected; empty for what is not an upload."""
    policy: str = ""
    findings: tuple[Finding, ...] = ()
    files: tuple[FileRecord, ...] = ()
    parts: int = 0
    error: str = ""
    """Code of the Reason why the sidecar itself answered, for what is not a finding: service down, too slow, ...; or
    would have, had the client not left."""
    client_gone: bool = False
    """The client went away before the exchange was over."""
    received: int = 0
    """Body bytes from the client."""
    forwarded: int = 0
    """Body bytes to the service."""
    duration: float = 0.0
    """From the request's head to the last byte of the answer."""
    upstream_duration: float = 0.0
    """From the first byte sent to the service to the head of its answer; without one, how long nothing else was waited
    for; 0 where it was not asked. What connecting took, and pauses before further attempts, are in the stage
    `forward`."""
    overhead: float = 0.0
    """What the sidecar itself added: time in which neither the client nor the service was waited for."""
    stages: dict[str, float] = field(default_factory=dict)
    """Seconds by stage: receive, inspect, examine, spool, forward."""
    tunnel: Tunnelled | None = None
    """What followed a switch of protocol; None where there was none."""
    retries: list[str] = field(default_factory=list)
    """Why each further attempt at the service was made: unreachable, stale, unsent."""
    client: str = ""
    """Address of the client as far as trusted hops tell it; empty where it is not known."""
    trace_id: str = ""
    """Of the W3C trace that the request belongs to; empty where there is none."""
    cache: str = ""
    """How a cache before or in the service answered, by `cache_status`; empty where its answer does not say."""
    db_calls: int | None = None
    """Calls of the database that the service's answer tells of; None where it tells none."""
    seen: Seen | None = None
    """What the audit log tells besides; None where there is none."""
