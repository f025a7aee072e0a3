import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.telemetry.cache_status import cache_status
from sidecar.telemetry.labels import CACHE_STATUSES


@pytest.mark.parametrize(
    ("field", "status"),
    [
        ("ExampleCache; hit", "hit"),
        ("ExampleCache; hit; ttl=376", "hit"),
        ("ExampleCache; fwd=uri-miss; stored", "miss"),
        ("ExampleCache; fwd=stale; fwd-status=304; collapsed", "stale"),
        ("ExampleCache; fwd=bypass", "bypass"),
        ("ExampleCache; FWD=Method", "bypass"),
        ("ExampleCache; fwd=partial", "miss"),
        ("OriginCache; hit; ttl=1100, Edge; fwd=uri-miss", "miss"),
        ("OriginCache; fwd=uri-miss, Edge; hit", "hit"),
        ("ExampleCache", "other"),
        ("ExampleCache; ttl=3", "other"),
        (";;;=,", "other"),
    ],
)
def test_cache_status_of_rfc_9211_is_understood(field, status):
    assert cache_status(field, "") == status


@pytest.mark.parametrize(
    ("field", "status"),
    [
        ("HIT", "hit"),
        ("Hit from cloudfront", "hit"),
        ("TCP_MEM_HIT from edge", "hit"),
        ("MISS, HIT", "hit"),
        ("HIT, MISS", "miss"),
        ("BYPASS", "bypass"),
        ("STALE", "stale"),
        ("Error from cloudfront", "other"),
    ],
)
def test_x_cache_is_understood_as_caches_write_it(field, status):
    assert cache_status("", field) == status


def test_the_standard_field_wins():
    assert cache_status("A; fwd=miss", "HIT") == "miss"


def test_answer_without_either_field_says_nothing():
    assert cache_status("", "  ") == ""


@given(st.text(), st.text())
def test_whatever_the_service_sends_becomes_a_known_label(standard, old):
    assert cache_status(standard, old) in {*CACHE_STATUSES, ""}
