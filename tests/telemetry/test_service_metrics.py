import pytest


def test_time_of_the_service_is_a_distribution_by_route(metrics, make_outcome, value):
    metrics.observe(make_outcome(upstream_duration=0.012))
    assert value("upstream_duration_seconds_bucket", route="avatars", le="0.01") == 0
    assert value("upstream_duration_seconds_bucket", route="avatars", le="0.025") == 1


def test_service_that_was_not_asked_has_no_time(metrics, make_outcome, value):
    metrics.observe(make_outcome(upstream_duration=0.0))
    assert value("upstream_duration_seconds_count", route="avatars") == 0


def test_failures_of_the_service_are_counted_by_reason(metrics, make_outcome, value):
    assert value("upstream_errors_total", reason="service_down") == 0
    metrics.observe(make_outcome(error="service_down", status=502))
    metrics.observe(make_outcome(error="client_too_slow", status=408))
    assert value("upstream_errors_total", reason="service_down") == 1
    assert value("upstream_errors_total", reason="client_too_slow") is None


@pytest.mark.parametrize("status", ["hit", "stale", "miss", "bypass", "other"])
def test_what_the_cache_said_is_counted(metrics, make_outcome, value, status):
    assert value("upstream_cache_total", status=status) == 0
    metrics.observe(make_outcome(cache=status))
    metrics.observe(make_outcome(cache=""))
    assert value("upstream_cache_total", status=status) == 1


def test_calls_of_the_database_are_a_distribution_by_route(metrics, make_outcome, value):
    metrics.expect_db_calls()
    assert value("upstream_db_calls_count", route="avatars") == 0
    for calls in (0, 7, None):
        metrics.observe(make_outcome(db_calls=calls))
    metrics.observe(make_outcome(route="unheard of", db_calls=3))
    assert value("upstream_db_calls_count", route="avatars") == 2
    assert value("upstream_db_calls_sum", route="avatars") == 7
    assert value("upstream_db_calls_bucket", route="avatars", le="0.0") == 1
    assert value("upstream_db_calls_count", route="other") == 1


def test_calls_of_the_database_have_series_only_once_they_are_asked_for(metrics, value):
    assert value("upstream_db_calls_count", route="avatars") is None
    metrics.expect_db_calls()
    metrics.add_routes(["new"])
    assert value("upstream_db_calls_count", route="avatars") == value("upstream_db_calls_count", route="new") == 0


def test_calls_that_are_asked_for_twice_keep_their_figures(metrics, make_outcome, value):
    metrics.expect_db_calls()
    metrics.observe(make_outcome(db_calls=7))
    metrics.expect_db_calls()
    assert value("upstream_db_calls_sum", route="avatars") == 7
