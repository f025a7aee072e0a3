import platform

import pytest

from sidecar import __version__
from sidecar.policy.routing.ladder import Rung, decide
from sidecar.policy.settings.base import Mode
from sidecar.telemetry.readings import Readings


def test_exactly_one_mode_is_in_force(metrics, value):
    for mode in (Mode.MONITOR, Mode.OFF):
        metrics.state.decided(decide(Rung("file", "the file", mode), ()), 5.0, {})
    assert [value("mode", mode=mode) for mode in ("off", "monitor", "enforce")] == [1, 0, 0]


def test_only_the_configuration_in_force_is_told(metrics, value):
    metrics.state.started("aa", 5.0)
    metrics.state.reloaded("bb", 6.0)
    assert (value("config_info", sha256="aa"), value("config_info", sha256="bb")) == (None, 1)


def test_start_is_no_reload(metrics, value):
    metrics.state.started("aa", 5.0)
    assert value("config_reloads_total", result="success") == 0
    assert value("config_last_reload_successful") == 1
    assert value("config_last_reload_success_timestamp_seconds") == 5


def test_refused_configuration_shows_until_the_next_good_one(metrics, value):
    metrics.state.started("aa", 5.0)
    metrics.state.reload_failed()
    assert value("config_last_reload_successful") == 0
    assert value("config_reloads_total", result="failure") == 1
    assert value("config_last_reload_success_timestamp_seconds") == 5
    assert value("config_info", sha256="aa") == 1
    metrics.state.reloaded("cc", 9.0)
    assert value("config_last_reload_successful") == 1
    assert value("config_last_reload_success_timestamp_seconds") == 9


def test_version_is_told(value):
    assert value("build_info", version=__version__, python=platform.python_version()) == 1


@pytest.mark.parametrize(("level", "counted"), [("info", "info"), ("error", "error"), ("critical", "error")])
def test_log_lines_are_counted_by_level(metrics, value, level, counted):
    assert value("log_messages_total", level=counted) == 0
    metrics.state.logged(level)
    assert value("log_messages_total", level=counted) == 1


def test_lost_log_lines_are_counted(metrics, value):
    metrics.state.log_dropped(3)
    assert value("log_lines_dropped_total") == 3


def test_gauges_are_zero_until_their_source_is_named(value):
    assert (value("ready"), value("spool_limit_bytes")) == (0, 0)


def test_gauges_are_read_at_every_scrape(metrics, value):
    spooled = [10.0]
    metrics.read_from(
        Readings(
            requests_in_flight=lambda: 3,
            spool_used_bytes=lambda: spooled[0],
            spool_limit_bytes=lambda: 100,
            event_loop_lag_seconds=lambda: 0.25,
            ready=lambda: True,
            draining=lambda: False,
        )
    )
    assert value("spool_used_bytes") == 10
    spooled[0] = 20.0
    assert value("spool_used_bytes") == 20
    assert (value("requests_in_flight"), value("spool_limit_bytes"), value("event_loop_lag_seconds")) == (3, 100, 0.25)
    assert (value("ready"), value("draining")) == (1, 0)


def test_every_reload_is_counted(metrics, value):
    metrics.state.started("aa", 5.0)
    for moment in (6.0, 7.0):
        metrics.state.reloaded("aa", moment)
    assert value("config_reloads_total", result="success") == 2
