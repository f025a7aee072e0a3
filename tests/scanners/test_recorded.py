"""Findings of scanners that were written down, under another policy."""

import pytest

from sidecar.inspection.finding import Finding
from sidecar.inspection.limits import FILE_TOO_LARGE
from sidecar.policy.settings.scanners import Scanning
from sidecar.scanners.reasons import MALWARE_FOUND, SCAN_INCOMPLETE, SCANNER_DOWN
from sidecar.scanners.recorded import as_now

LENIENT = Scanning(use=("clamd",), on_down="forward", on_not_examined="refuse")


def test_a_policy_that_asks_no_scanner_has_none_of_their_findings():
    assert as_now(Finding(MALWARE_FOUND), Scanning()) is None


def test_findings_of_others_stay_as_they_are():
    finding = Finding(FILE_TOO_LARGE)
    assert as_now(finding, Scanning()) is finding


@pytest.mark.parametrize(("reason", "refuses"), [(MALWARE_FOUND, True), (SCANNER_DOWN, False), (SCAN_INCOMPLETE, True)])
@pytest.mark.parametrize("before", [True, False, None])
def test_whether_they_refuse_is_what_this_policy_says(reason, refuses, before):
    now = as_now(Finding(reason, forward=before), LENIENT)
    assert now.refuses(forward_not_examined=False) is refuses
