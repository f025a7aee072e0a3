"""Why an upload is refused on the word of a scanner, or for want of one."""

from collections.abc import Mapping
from typing import Final

from sidecar.inspection.reason import Reason, Retry, reasons_in
from sidecar.scanners.result import Trouble

_SOURCE: Final = "OWASP ASVS 5.0, 5.4.3"
_TRY_LATER: Final = "Nothing reached the service: try again later. Operators: "


def _scan(code: str, title: str, expected: str, advice: str, status: int = 422) -> Reason:
    retry = Retry.SAFE if status == 503 else Retry.NEVER  # noqa: PLR2004 - RFC 9110, section 15.6.4
    return Reason(code, title, status, "malware scan", expected, advice, retry, _SOURCE, not_examined=True)


MALWARE_FOUND: Final = Reason(
    "malware_found", "Malware was found in a file", 422, "malware scan", "files in which no scanner finds anything",
    "Do not open the file. Operators: if this is wrong, `upload-sidecar quarantine` gives the file back where a "
    "quarantine is set.", source=_SOURCE,
)  # fmt: skip
SCAN_TOO_LARGE: Final = _scan(
    "scan_too_large", "A file is too large to be scanned", "files that the scanner takes",
    "Send a smaller file. Operators: max_file of the scanner, and the engine's own limits.",
)  # fmt: skip
SCAN_INCOMPLETE: Final = _scan(
    "scan_incomplete", "The scanner could not look into all of a file", "files that can be scanned to their end",
    "Send the file without encryption, and not nested in archives. Operators: the log has the scanner's words.",
)  # fmt: skip
SCANNER_DOWN: Final = _scan(
    "scanner_down", "The malware scanner is not available", "a scanner that works",
    _TRY_LATER + "see upload_sidecar_scanner_up and the log.", 503,
)  # fmt: skip
SCAN_LATE: Final = _scan(
    "scan_late", "The malware scan took too long", "a scan that ends before its deadline",
    _TRY_LATER + "see upload_sidecar_scan_duration_seconds, and deadline of the scanner.", 503,
)  # fmt: skip
SCANNER_BUSY: Final = _scan(
    "scanner_busy", "Too many files are waiting for their malware scan", "a free place at the scanner",
    _TRY_LATER + "see upload_sidecar_scan_queue_wait_seconds, and max_scans of the scanner.", 503,
)  # fmt: skip

BY_TROUBLE: Final[Mapping[Trouble, Reason]] = {
    Trouble.TOO_LARGE: SCAN_TOO_LARGE,
    Trouble.INCOMPLETE: SCAN_INCOMPLETE,
    Trouble.DOWN: SCANNER_DOWN,
    Trouble.GARBLED: SCANNER_DOWN,
    Trouble.LATE: SCAN_LATE,
    Trouble.BUSY: SCANNER_BUSY,
}
LATER: Final = (SCANNER_DOWN, SCAN_LATE, SCANNER_BUSY)
"""Those that say nothing of the file."""
REASONS: Final = reasons_in(globals())
"""Every Reason of this room."""
