"""The client's own counters and histograms are the oracle: what Prometheus reads must not differ by a byte."""

import prometheus_client
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.telemetry.tallies import Counter, Histogram

BOUNDS = (0.005, 0.5, 1.0, 1024.0)
AMOUNTS = st.lists(st.floats(0, 2000) | st.sampled_from(BOUNDS), max_size=20)


def exposed(*collectors) -> bytes:
    registry = prometheus_client.CollectorRegistry(auto_describe=True)
    for collector in collectors:
        registry.register(collector)
    return prometheus_client.generate_latest(registry)


@given(AMOUNTS)
def test_counter_is_exposed_as_the_clients_own(amounts):
    ours = Counter("uploads", "Uploads.", ("route", "code"))
    theirs = prometheus_client.Counter("uploads", "Uploads.", ("route", "code"), registry=None)
    for number, amount in enumerate(amounts):
        labels = (f"r{number % 3}", 200 + number % 2)
        ours.labels(*labels).inc(amount)
        theirs.labels(*labels).inc(amount)
    assert exposed(ours) == exposed(theirs)


@given(AMOUNTS)
def test_histogram_is_exposed_as_the_clients_own(amounts):
    ours = Histogram("time_seconds", "Time.", ("route",), BOUNDS)
    theirs = prometheus_client.Histogram("time_seconds", "Time.", ("route",), registry=None, buckets=BOUNDS)
    for amount in amounts:
        ours.labels("a").observe(amount)
        theirs.labels("a").observe(amount)
    assert exposed(ours) == exposed(theirs)


def test_family_without_labels_has_one_series_from_the_start():
    counter, histogram = Counter("reloads", "Reloads.", ()), Histogram("waits", "Waits.", (), BOUNDS)
    assert b"reloads_total 0.0" in exposed(counter)
    assert b"waits_count 0.0" in exposed(histogram)
    counter.inc()
    histogram.observe(0.1)
    assert b"reloads_total 1.0" in exposed(counter)
    assert b"waits_count 1.0" in exposed(histogram)


@pytest.mark.parametrize("values", [(), ("a", "b")])
def test_wrong_number_of_labels_is_an_error(values):
    with pytest.raises(ValueError, match="has the labels"):
        Counter("uploads", "Uploads.", ("route",)).labels(*values)
