"""Every label value that the metrics of an instance can have."""

from sidecar.inspection.catalogue import inspection_reasons
from sidecar.inspection.reason import Reason
from sidecar.proxy import reasons
from sidecar.scanners import reasons as scans
from sidecar.telemetry.labels import Labels


def finding_reasons() -> tuple[Reason, ...]:
    """Every Reason that a finding can have."""
    return (*inspection_reasons(), *reasons.UPLOADS, *scans.REASONS)


def labels() -> Labels:
    """Every label value that there can be."""
    upstream = [reason.code for reason in reasons.REASONS if reason.code.startswith("upstream_")]
    found = [reason.code for reason in finding_reasons()]
    return Labels(
        reasons=tuple(found), upstream_errors=tuple(upstream), shed=tuple(reason.code for reason in reasons.SHED)
    )
