import pytest


def test_request_is_counted_by_route_method_and_status(metrics, make_outcome, value):
    metrics.observe(make_outcome())
    assert value("requests_total", route="avatars", method="POST", code="201") == 1


@pytest.mark.parametrize(
    ("sent", "counted"),
    [
        (("PROPFIND", 200), ("other", "200")),
        (("get", 200), ("other", "200")),
        (("GET", 0), ("GET", "none")),
        (("GET", 999), ("GET", "other")),
        (("X\n", 7), ("other", "other")),
    ],
)
def test_what_no_table_names_is_counted_all_the_same(metrics, make_outcome, value, sent, counted):
    for _ in range(2):
        metrics.observe(make_outcome(method=sent[0], status=sent[1]))
    assert value("requests_total", route="avatars", method=counted[0], code=counted[1]) == 2


def test_own_answers_stand_at_zero_from_the_start(value):
    assert [value("requests_total", route="default", method="POST", code=str(code)) for code in (200, 415, 503)] == [
        0
    ] * 3


def test_time_and_overhead_are_distributions_by_route(metrics, make_outcome, value):
    metrics.observe(make_outcome(duration=0.02, overhead=0.003))
    assert value("request_duration_seconds_bucket", route="avatars", le="0.01") == 0
    assert value("request_duration_seconds_bucket", route="avatars", le="0.025") == 1
    assert value("request_overhead_seconds_bucket", route="avatars", le="0.0025") == 0
    assert value("request_overhead_seconds_bucket", route="avatars", le="0.005") == 1


def test_bytes_are_summed_both_ways(metrics, make_outcome, value):
    metrics.observe(make_outcome(received=100, forwarded=90))
    metrics.observe(make_outcome(received=1, forwarded=0))
    assert value("request_body_bytes_total", route="avatars") == 101
    assert value("upstream_body_bytes_total", route="avatars") == 90


def test_what_is_turned_away_is_counted_by_reason(metrics, make_outcome, value):
    assert value("requests_shed_total", reason="overload") == 0
    metrics.observe(make_outcome(error="overload", status=503))
    metrics.shed("overload")
    metrics.shed("never heard of")
    assert value("requests_shed_total", reason="overload") == 2
    assert value("requests_shed_total", reason="other") == 1


def test_request_that_is_no_upload_is_no_upload(metrics, make_outcome, value):
    metrics.observe(make_outcome(upload=False, verdict="", action="", status=200))
    assert value("requests_total", route="avatars", method="POST", code="200") == 1
    assert value("uploads_total", route="avatars", verdict="clean", action="forwarded") == 0
    assert value("uploads_total", route="avatars", verdict="not_inspected", action="rejected") == 0
