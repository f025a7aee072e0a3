"""Every label value that the metrics of an instance can have."""

from sidecar.inspection.catalogue import inspection_reasons
from sidecar.proxy import reasons
from sidecar.scanners import reasons as scans
from sidecar.telemetry.labels import Labels


def labels() -> Labels:
    """Every label value that there can be."""
    upstream = [reason.code for reason in reasons.REASONS if reason.code.startswith("upstream_")]
    found = [reason.code for reason in (*inspection_reasons(), *reasons.UPLOADS, *scans.REASONS)]
    return Labels(
        reasons=tuple(found), upstream_errors=tuple(upstream), shed=tuple(reason.code for reason in reasons.SHED)
    )
