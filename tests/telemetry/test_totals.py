import pytest

from sidecar.telemetry.labels import Labels
from sidecar.telemetry.merged import MergedMetrics
from sidecar.telemetry.metrics import Metrics
from sidecar.telemetry.snapshot import from_json, to_json
from sidecar.telemetry.totals import totals


def test_answers_are_sums_over_routes_and_methods(metrics, make_outcome):
    for changes in ({}, {"route": "default"}, {"method": "GET"}, {"status": 502}):
        metrics.observe(make_outcome(**changes))
    found = metrics.totals().answers
    assert (found["201"], found["502"]) == (3, 1)


@pytest.mark.parametrize("processes", [1, 3])
def test_several_processes_are_added_up(make_outcome, processes):
    merged = MergedMetrics(Metrics(Labels()))
    for number in range(processes):
        worker = Metrics(Labels(routes=("avatars",)))
        worker.observe(make_outcome())
        merged.heard(number, from_json(to_json(worker.snapshot())))
    assert merged.totals().uploads["clean", "forwarded"] == processes
    assert merged.totals().answers["201"] == processes


def test_scanners_are_told_with_what_they_said(metrics):
    for result in ("clean", "timeout"):
        metrics.scans._scans.labels("clam", result).inc()
    metrics.scans._up.labels("clam").set(1)
    metrics.scans.signed("clam", 1_800_000_000.0)
    (one,) = metrics.totals().scanners
    assert (one.name, one.up, one.signed, one.unseen) == ("clam", True, 1_800_000_000.0, 1)
    assert one.scans == {"clean": 1, "timeout": 1}


def test_lines_that_were_lost_are_told_by_where_they_should_have_gone(metrics):
    assert metrics.totals().lost == {}
    metrics.state.log_dropped(3)
    metrics.state.audit_dropped(2)
    assert metrics.totals().lost == {"log": 3, "audit": 2}


def test_figures_without_a_family_have_no_sums():
    assert totals({}).uploads == {}
    assert totals({}).scanners == ()


def test_what_failed_because_of_the_service_is_told_by_reason(make_outcome):
    metrics = Metrics(Labels(upstream_errors=("upstream_timeout", "upstream_garbled", "upstream_unreachable")))
    for error in ("upstream_timeout", "upstream_unreachable", "upstream_unreachable", ""):
        metrics.observe(make_outcome(error=error))
    assert list(metrics.totals().failures.items()) == [("upstream_unreachable", 2), ("upstream_timeout", 1)]


def test_whoever_was_turned_away_is_told_by_reason(make_outcome):
    metrics = Metrics(Labels(shed=("too_many_connections", "too_many_uploads", "spool_full")))
    for _ in range(2):
        metrics.shed("too_many_connections")
    metrics.observe(make_outcome(error="spool_full"))
    assert list(metrics.totals().turned_away.items()) == [("too_many_connections", 2), ("spool_full", 1)]
