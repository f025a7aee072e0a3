"""What a finding of a scanner that was written down would be under another policy."""

from dataclasses import replace
from typing import Final

from sidecar.inspection.finding import Finding
from sidecar.policy.settings.scanners import Scanning
from sidecar.scanners.reasons import BY_TROUBLE, REASONS

_CODES: Final = frozenset(reason.code for reason in REASONS)
_OF_THE_ENGINE: Final = frozenset(reason.code for trouble, reason in BY_TROUBLE.items() if trouble.of_the_engine)


def as_now(finding: Finding, scanning: Scanning) -> Finding | None:
    """The finding as this policy takes it, None where it asks no scanner; those of others stay as they are."""
    code = finding.reason.code
    if code not in _CODES:
        return finding
    if not scanning.use:
        return None
    what_then = scanning.on_down if code in _OF_THE_ENGINE else scanning.on_not_examined
    return replace(finding, forward=what_then == "forward" if finding.reason.not_examined else None)
