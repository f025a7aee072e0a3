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
    return Labels(
        reasons=_codes(finding_reasons()), upstream_errors=_codes(reasons.OF_SERVICE), shed=_codes(reasons.SHED)
    )


def _codes(listed: tuple[Reason, ...]) -> tuple[str, ...]:
    return tuple(reason.code for reason in listed)
