import time

import pytest

from sidecar.policy.settings.scanners import Scanner as Settings
from sidecar.scanners.panel import make_engine
from sidecar.scanners.result import RESULTS, Bad
from sidecar.scanners.scanner import Scanner
from sidecar.telemetry.families import Families
from sidecar.telemetry.scans import CACHED, Scans


@pytest.fixture
def families():
    return Families()


def scanner(scans, name, **settings):
    chosen = Settings(url="clamd:///nobody", **settings)
    return Scanner(name, chosen, make_engine(chosen), scans, time.monotonic)


def values(families):
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in families.registry.collect()
        for sample in family.samples
    }


def test_every_series_of_a_scanner_stands_from_the_start(families):
    scans = Scans(families)
    scans.follow({"av": scanner(scans, "av", max_scans=3)})
    told = values(families)
    assert {told["upload_sidecar_scans_total", "av", result] for result in (*RESULTS, CACHED)} == {0.0}
    assert told["upload_sidecar_scan_slots",] == 3
    assert told["upload_sidecar_scanner_up", "av"] == 0


def test_a_scanner_that_is_gone_keeps_its_sums_and_loses_its_state(families):
    scans = Scans(families)
    scans.follow({"av": scanner(scans, "av")})
    scans.scanned("av", Bad("x"), 0.1, cached=False)
    scans.signed("av", 5.0)
    scans.follow({})
    told = values(families)
    assert told["upload_sidecar_scans_total", "av", "bad"] == 1
    assert not any(key[0].startswith("upload_sidecar_scanner_") for key in told)
