"""The figures of several processes, as one."""

import json
import re
from types import SimpleNamespace

import pytest

from sidecar.policy.routing.ladder import Rung, decide
from sidecar.policy.settings.base import Mode
from sidecar.telemetry import snapshot
from sidecar.telemetry.families import Families, Merge
from sidecar.telemetry.labels import Labels
from sidecar.telemetry.merged import MergedMetrics
from sidecar.telemetry.metrics import Metrics
from sidecar.telemetry.outcome import Outcome
from sidecar.telemetry.readings import Readings


def metrics(*, uploads=0, in_flight=0.0, lag=0.0, mode="enforce"):
    made = Metrics(Labels())
    made.state.started("ab", 1.0)
    made.state.decided(decide(Rung("file", "the file", Mode(mode)), ()), 1.0, {})
    made.read_from(Readings(requests_in_flight=lambda: in_flight, event_loop_lag_seconds=lambda: lag))
    for _ in range(uploads):
        outcome = Outcome("id", "default", "POST", mode, status=200, upload=True, verdict="clean", action="forwarded")
        outcome.duration = 0.02
        made.observe(outcome)
    return made


def over_the_channel(made):
    return snapshot.from_json(json.loads(json.dumps(snapshot.to_json(made.snapshot()))))


def figure(merged, pattern):
    text = merged.render()[0].decode()
    return [float(value) for value in re.findall(f"^upload_sidecar_{pattern} (.*)$", text, re.MULTILINE)]


def merged_of(own, *others):
    merged = MergedMetrics(own)
    for number, other in enumerate(others):
        merged.heard(number, over_the_channel(other))
    return merged


def test_counters_and_histograms_are_added_up():
    merged = merged_of(metrics(), metrics(uploads=2), metrics(uploads=3))
    assert sum(figure(merged, r"uploads_total\{.*\}")) == 5
    assert figure(merged, r'request_duration_seconds_bucket\{le="0.025",route="default"\}') == [5]
    assert figure(merged, r'request_duration_seconds_sum\{route="default"\}') == [0.1]
    assert merged.totals().uploads["clean", "forwarded"] == 5


def test_gauges_are_amounts_or_the_worst():
    merged = merged_of(metrics(), metrics(in_flight=2, lag=0.5), metrics(in_flight=3, lag=0.2))
    assert figure(merged, "requests_in_flight") == [5]
    assert figure(merged, "event_loop_lag_seconds") == [0.5]


class Engine:
    """A scanner as metrics see it."""

    def __init__(self, *, up, refused):
        self.health = SimpleNamespace(up=up, breaker_open=not up)
        self.slots = SimpleNamespace(limit=2, in_use=1)
        self.refused = refused


def test_a_scanner_is_as_well_as_it_is_at_the_worker_where_it_is_worst():
    workers = [metrics() for _ in range(3)]
    states = [(False, ""), (True, "broken rules"), (False, "broken rules")]
    for worker, (up, refused) in zip(workers, states, strict=True):
        worker.scans.follow({"av": Engine(up=up, refused=refused)})
        worker.scans.signed("av", 5.0)
    merged = merged_of(metrics(), *workers)
    assert figure(merged, r"scanner_up\{.*\}") == [0]
    assert figure(merged, r"scanner_breaker_open\{.*\}") == [1]
    assert figure(merged, r"scanner_last_reload_successful\{.*\}") == [0]
    assert figure(merged, r"scanner_signature_timestamp_seconds\{.*\}") == [5]
    assert (figure(merged, "scan_slots"), figure(merged, "scan_slots_in_use")) == ([6], [3])


def test_what_is_in_force_only_the_supervisor_tells():
    merged = merged_of(metrics(mode="off"), metrics(mode="enforce"), metrics(mode="enforce"))
    assert figure(merged, r'mode\{mode="off"\}') == [1]
    assert figure(merged, r'mode\{mode="enforce"\}') == [0]
    assert figure(merged, r"build_info\{.*\}") == [1]


def test_what_an_ended_process_counted_stays_and_its_gauges_go():
    merged = merged_of(metrics(), metrics(uploads=2, in_flight=4), metrics(uploads=1, in_flight=1))
    merged.ended(0)
    assert sum(figure(merged, r"uploads_total\{.*\}")) == 3
    assert figure(merged, "requests_in_flight") == [1]
    merged.heard(0, over_the_channel(metrics(uploads=1)))
    assert sum(figure(merged, r"uploads_total\{.*\}")) == 4


def test_one_process_alone_reads_the_same_as_by_itself():
    own = metrics(uploads=2)
    plain = [line for line in own.render()[0].decode().splitlines() if not line.startswith("process_")]
    merged = [line for line in MergedMetrics(own).render()[0].decode().splitlines() if not line.startswith("process_")]
    assert merged == plain


@pytest.mark.parametrize(("merge", "together"), [("SUM", 5), ("MAX", 3), ("MIN", 2), ("OWN", 7)])
def test_a_gauge_says_itself_how_it_is_merged(merge, together):
    def one(value):
        families = Families()
        families.gauge("new", "A new one.", merge=Merge[merge]).set(value)
        taken = snapshot.take(families.registry, families.merging)
        return snapshot.from_json(json.loads(json.dumps(snapshot.to_json(taken))))

    own = one(7) if merge == "OWN" else {}
    merged = snapshot.merge(own, [one(2), one(3)])
    assert list(merged["upload_sidecar_new"].values.values()) == [together]


def test_no_gauge_leaves_it_open_how_it_is_merged():
    with pytest.raises(TypeError, match="merge"):
        Families().gauge("new", "A new one.")
