"""An Outcome as the fields of its log line."""

import hashlib
import secrets
from typing import Any, Final

from sidecar.inspection.file import FileRecord
from sidecar.inspection.finding import Finding, printable
from sidecar.policy.settings.model import Log
from sidecar.telemetry.outcome import Outcome

MAX_FILES: Final = 50
"""Files told of in one line; a policy may allow thousands."""

_ADDRESS_KEY: Final = secrets.token_bytes(16)
"""There are few enough addresses to try them all, so their digests are keyed; the key lives as long as the process."""


def event_of(outcome: Outcome, settings: Log) -> dict[str, Any]:
    """Everything that the line tells; what comes from the input is printable and bounded."""
    return {
        "request_id": printable(outcome.request_id, 128),
        **_origin(outcome, settings),
        "route": outcome.route,
        "policy": outcome.policy,
        "mode": outcome.mode,
        "method": printable(outcome.method, 32),
        "status": outcome.status,
        **(_judgement(outcome, settings) if outcome.upload else {}),
        "received": outcome.received,
        "forwarded": outcome.forwarded,
        **_times(outcome),
        **_tunnel(outcome),
        **_troubles(outcome),
    }


def _origin(outcome: Outcome, settings: Log) -> dict[str, str]:
    """Who asked, as the settings allow, and in which trace."""
    origin = {"trace_id": outcome.trace_id} if outcome.trace_id else {}
    if settings.client == "off" or not outcome.client:
        return origin
    if settings.client == "plain":
        return {**origin, "client": printable(outcome.client, 64)}
    digest = hashlib.blake2b(outcome.client.encode(), key=_ADDRESS_KEY, digest_size=8)
    return {**origin, "client_hash": digest.hexdigest()}


def _judgement(outcome: Outcome, settings: Log) -> dict[str, Any]:
    """What was decided, and what it rests on."""
    files = [_file(file, settings) for file in outcome.files[:MAX_FILES]]
    left_out = len(outcome.files) - len(files)
    return {
        "verdict": outcome.verdict,
        "action": outcome.action,
        "findings": [_finding(finding, settings) for finding in outcome.findings],
        "parts": outcome.parts,
        "files": files,
        **({"files_left_out": left_out} if left_out else {}),
    }


def _finding(finding: Finding, settings: Log) -> dict[str, Any]:
    """One finding; its texts are printable already."""
    return {
        "code": finding.reason.code,
        "failed": finding.reason.failed,
        "expected": finding.expectation,
        **actual_told(finding, settings),
        "part": finding.part,
        **({"monitored": True} if finding.monitored else {}),
    }


def actual_told(finding: Finding, settings: Log) -> dict[str, str]:
    """What was seen, which may quote a file name."""
    if not finding.quotes_names or settings.names == "plain":
        return {"actual": finding.actual}
    return {"actual_sha256": _digest(finding.actual)} if settings.names == "hash" else {}


def _file(file: FileRecord, settings: Log) -> dict[str, Any]:
    """One file."""
    return {
        "field": printable(file.field),
        **name_told(file.filename, settings),
        "declared_type": printable(file.declared_type),
        **_content(file),
    }


def _content(file: FileRecord) -> dict[str, Any]:
    """What was found in the file; where a refusal cut it short, there is no digest and the rest means nothing."""
    if not file.sha256:
        return {"whole": False}
    found = {"content_type": printable(file.content_type), "size": file.size, "sha256": file.sha256}
    if file.stripped is not None:
        found["stripped"] = {"size": file.stripped.size, "sha256": file.stripped.sha256}
    return found


def name_told(filename: str, settings: Log) -> dict[str, str]:
    """The file name as the settings allow: people put names and diagnoses into file names."""
    match settings.names:
        case "plain":
            return {"name": printable(filename, 255)}
        case "hash":
            return {"name_sha256": _digest(filename)}
        case "off":
            return {}


def _digest(name: str) -> str:
    """Enough to find the same name again, and nothing to read."""
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _times(outcome: Outcome) -> dict[str, Any]:
    """Durations in milliseconds."""
    return {
        "duration_ms": _ms(outcome.duration),
        "overhead_ms": _ms(outcome.overhead),
        "upstream_ms": _ms(outcome.upstream_duration),
        "stages": {stage: _ms(seconds) for stage, seconds in outcome.stages.items()},
    }


def _tunnel(outcome: Outcome) -> dict[str, Any]:
    """What followed a switch of protocol."""
    tunnel = outcome.tunnel
    if tunnel is None:
        return {}
    return {"tunnel": {"up": tunnel.up, "down": tunnel.down, "duration_ms": _ms(tunnel.seconds), "end": tunnel.end}}


def _troubles(outcome: Outcome) -> dict[str, Any]:
    """What went wrong, where something did."""
    troubles: dict[str, Any] = {"error": outcome.error} if outcome.error else {}
    if outcome.retries:
        troubles["retries"] = outcome.retries
    return {**troubles, "client_gone": True} if outcome.client_gone else troubles


def _ms(seconds: float) -> float:
    """Milliseconds, to the microsecond."""
    return round(seconds * 1000, 3)
