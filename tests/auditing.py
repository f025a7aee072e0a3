"""Lines of the audit log, made of real inspections and read again."""

import json
from dataclasses import replace
from typing import Any

from sidecar.cli.labels import finding_reasons
from sidecar.inspection.inspector import Inspector
from sidecar.policy.routing.digest import digest_of
from sidecar.policy.routing.router import Match
from sidecar.policy.settings.audit import Audit
from sidecar.policy.settings.model import Mode, Policy
from sidecar.telemetry.audit_line import line_of
from sidecar.telemetry.audit_read import Line, Reader
from sidecar.telemetry.outcome import Outcome
from sidecar.telemetry.seen import Seen
from tests.inspection.judging import events

KEY = b"k" * 32
NOW = 1_800_000_000.0
READER = Reader({reason.code: reason for reason in finding_reasons()})


def inspected(parts, policy, identify, *, stop=False, at_once=False) -> tuple[Inspector, Seen]:
    """An upload of these parts, (Part, data) each, inspected under a policy."""
    match = Match("route", "policy", policy, Mode.MONITOR, named=True, policy_digest=digest_of(policy))
    seen = Seen(match, b"/upload", None)
    inspector = Inspector(policy, identify, stop_at_first=stop)
    receive = seen.before(inspector.receive)
    for event in events(*parts, at_once=at_once):
        receive(event)
        inspector.look()
    return inspector, seen


def outcome_of(parts, policy, identify, *, mode="monitor", stop=False, **changes: Any) -> Outcome:
    inspector, seen = inspected(parts, policy, identify, stop=stop)
    verdict = inspector.verdict()
    rejected = mode == "enforce" and not verdict.accepted
    outcome = Outcome(
        "r-1", "route", "POST", mode, 422 if rejected else 200, upload=True, policy="policy", verdict=verdict.label,
        action="rejected" if rejected else "forwarded", findings=verdict.findings, files=verdict.files,
        parts=verdict.parts, received=sum(len(data) for _, data in parts) + 100, seen=seen,
    )  # fmt: skip
    return replace(outcome, **changes)


def written(outcome: Outcome, **settings: Any) -> dict[str, Any]:
    """The line as JSON tells it."""
    return json.loads(line_of(outcome, Audit(**settings), KEY, NOW))


def line(parts, policy=None, identify=lambda _: "image/png", **changes: Any) -> Line:
    """The line of an upload, read again."""
    return READER.read(line_of(outcome_of(parts, policy or Policy(), identify, **changes), Audit(), KEY, NOW))
