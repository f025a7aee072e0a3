"""One upload as one line of the audit log."""

import hmac
from datetime import UTC, datetime
from typing import Any, Final

from sidecar.inspection.file import FileRecord
from sidecar.inspection.finding import Finding, printable
from sidecar.inspection.name_shape import shape_of
from sidecar.inspection.types.content import Content
from sidecar.inspection.types.kinds import canonical
from sidecar.policy.settings.audit import Audit
from sidecar.telemetry.json_line import dump
from sidecar.telemetry.outcome import Outcome
from sidecar.telemetry.seen import Field, Seen

VERSION: Final = 1
"""Of the line; `audit_read` takes no other."""
MOST_FILES: Final = 32
"""Files that are told of one by one; a policy may allow thousands."""
LONGEST_PATH: Final = 1024
_DIGITS: Final = 32


def line_of(outcome: Outcome, settings: Audit, key: bytes, now: float) -> bytes:
    """The line with its newline: ASCII, bounded, with nothing in it that a terminal or a page could act on.

    Args:
        outcome: of an upload.
        settings: what is told of names and paths.
        key: of the digests of names.
        now: Unix time.
    """
    told = {
        "v": VERSION,
        "ts": datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "request_id": printable(outcome.request_id, 128),
        "method": printable(outcome.method, 32),
        "route": outcome.route,
        "policy": outcome.policy,
        **(_of_seen(outcome.seen, settings) if outcome.seen is not None else {}),
        **_decision(outcome),
        **_amounts(outcome),
        "findings": [_finding(finding, outcome.seen) for finding in outcome.findings],
        "fields": [_field(field) for field in outcome.seen.fields] if outcome.seen is not None else [],
        "listed": [_file(file, settings, key) for file in outcome.files[:MOST_FILES]],
    }
    return dump(told).encode("ascii") + b"\n"


def _of_seen(seen: Seen, settings: Audit) -> dict[str, Any]:
    """Where the request went, and what it was judged by."""
    told: dict[str, Any] = {"policy_sha256": seen.match.policy_digest}
    if settings.paths == "plain":
        told["path"] = seen.path[:LONGEST_PATH].decode("latin-1")  # escaped as JSON, so that it can be routed again
    return {**told, "prefixes": seen.match.paths} if seen.match.paths else told


def _decision(outcome: Outcome) -> dict[str, Any]:
    """What was decided, and what became of it."""
    told = {
        "mode": outcome.mode,
        "enforced": outcome.mode == "enforce",
        "verdict": outcome.verdict,
        "action": outcome.action,
        "status": outcome.status,
    }
    return {**told, "error": outcome.error} if outcome.error else told


def _amounts(outcome: Outcome) -> dict[str, Any]:
    """How much there was; `size` of a refused upload is what had arrived, or what its head announced."""
    seen = outcome.seen
    if seen is None:
        return {"size": outcome.received, "complete": False, "parts": outcome.parts, "files": len(outcome.files)}
    return {
        "size": max(outcome.received, seen.announced or 0),
        "complete": seen.complete and outcome.action != "rejected",  # a refusal ends the inspection
        "parts": max(outcome.parts, seen.ended),
        "files": max(len(outcome.files), seen.files),
        "largest_field": seen.largest_field,
    }


def _finding(finding: Finding, seen: Seen | None) -> dict[str, Any]:
    """One finding, and whether it refused, or would have refused, the upload."""
    forward = seen is not None and seen.match.policy.not_examined == "forward"
    told: dict[str, Any] = {"code": finding.reason.code, "refuses": finding.refuses(forward_not_examined=forward)}
    if finding.part is not None:
        told["part"] = finding.part
    return {**told, "monitored": True} if finding.monitored else told


def _field(field: Field) -> dict[str, Any]:
    told: dict[str, Any] = {"field": field.name, "size": field.size}
    if field.declared_type:
        told["declared_type"] = field.declared_type
    return {**told, "empty_file": True} if field.is_file else told


def _file(file: FileRecord, settings: Audit, key: bytes) -> dict[str, Any]:
    """One file; without a digest where it did not come to its end."""
    told = {
        "field": printable(file.field),
        **_name(file, settings, key),
        "declared_type": printable(file.declared_type),
        "content_type": printable(file.content_type),
        "size": file.size,
        "sha256": file.sha256,
    }
    return {**told, "content": _content(file.content, file.content_type)} if file.content is not None else told


def _name(file: FileRecord, settings: Audit, key: bytes) -> dict[str, Any]:
    """The shape of the name, and of the name itself what the settings allow."""
    name = file.filename.encode("utf-8", "surrogatepass")
    shape = shape_of(name, file.filename_as_sent)
    told: dict[str, Any] = {
        "name_bytes": shape.size,
        "name_classes": shape.classes,
        "suffixes": shape.suffixes,
    }
    if shape.hidden:
        told["hidden_suffixes"] = shape.hidden
    if settings.names == "plain":
        told["name"] = printable(file.filename, 255)
    elif settings.names == "hashed":
        told["name_hmac"] = hmac.digest(key, name, "sha256").hex()[:_DIGITS]
    return told


def _content(content: Content, content_type: str) -> dict[str, Any]:
    """What the first bytes show, by the names of its kinds."""
    told: dict[str, Any] = {"text": content.is_text}
    if content.type != canonical(content_type):
        told["type"] = printable(content.type)
    if content.opener is not None:
        told["opens_as"] = content.opener.type
    if content.runs is not None:
        told["runs_as"] = content.runs.type
    if content.begins:
        told["begins_as"] = [kind.type for kind in content.begins]
    return told
