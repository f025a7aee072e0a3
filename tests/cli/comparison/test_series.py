import pytest

from sidecar.cli.comparison.series import RestartedError, grown, read, worth_keeping
from sidecar.cli.labels import labels
from sidecar.policy.routing.ladder import Rung, decide
from sidecar.policy.settings.base import Mode
from sidecar.telemetry.metrics import Metrics
from sidecar.telemetry.outcome import Outcome

EVERY = {"upload": True, "verdict": "clean", "action": "forwarded", "status": 200, "duration": 0.02, "db_calls": 3}


@pytest.fixture
def metrics():
    metrics = Metrics(labels())
    metrics.expect_db_calls()
    metrics.state.started("ab" * 32, 1.0)
    metrics.state.decided(decide(Rung("file", "the file", Mode.ENFORCE), ()), 1.0, {})
    return metrics


def scrape(metrics):
    return read(metrics.render()[0].decode())


def test_two_scrapes_give_what_happened_between_them(metrics):
    first, _ = scrape(metrics)
    metrics.observe(Outcome("r", "default", "POST", "enforce", **EVERY))
    last, told = scrape(metrics)
    kept = {(name, *labels.values()): value for name, labels, value in worth_keeping(grown(first, last))}
    assert told["mode"] == ["enforce"]
    assert told["config_info"] == ["ab" * 32]
    assert kept["requests_total", "200", "default"] == 1
    assert kept["request_duration_seconds_bucket", "0.025", "default"] == 1
    assert kept["request_duration_seconds_bucket", "0.01", "default"] == 0
    assert kept["upstream_db_calls_sum", "default"] == 3
    assert not [key for key in kept if key[0] == "upstream_duration_seconds_bucket"]


def test_a_counter_that_went_down_is_a_restart(metrics):
    metrics.observe(Outcome("r", "default", "POST", "enforce", **EVERY))
    before, _ = scrape(metrics)
    after, _ = scrape(Metrics(labels()))
    with pytest.raises(RestartedError):
        grown(before, after)


@pytest.mark.parametrize("text", ["<html>", "upload_sidecar_requests_total{", "a b c d"])
def test_what_is_no_scrape_is_a_value_error(text):
    with pytest.raises(ValueError, match=r".*"):
        read(text)
