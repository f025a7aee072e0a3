import re
import shutil
import subprocess
import timeit

import pytest

from sidecar.telemetry.metrics import Metrics

FAMILIES = """
requests_total request_duration_seconds request_overhead_seconds requests_in_flight requests_shed_total
request_body_bytes_total upstream_body_bytes_total uploads_total findings_total files_total file_size_bytes
stage_duration_seconds upstream_duration_seconds upstream_errors_total upstream_cache_total upstream_db_calls
spool_used_bytes spool_limit_bytes event_loop_lag_seconds mode config_info config_last_reload_successful
config_last_reload_success_timestamp_seconds config_reloads_total build_info ready draining log_messages_total
log_lines_dropped_total audit_records_dropped_total worker_deaths_total scans_total scan_duration_seconds
quarantined_files_total scan_queue_wait_seconds scan_slots scan_slots_in_use scanner_up
isolated_worker_deaths_total isolation_filtered scanner_last_reload_successful scanner_breaker_open
scanner_signature_timestamp_seconds
tunnels_open tunnel_bytes_total upstream_retries_total
enforced_ratio mode_source mode_since_timestamp_seconds mode_lowered mode_file_valid
certificate_expires_timestamp_seconds
"""


def families(metrics: Metrics) -> set[str]:
    return set(re.findall(r"^# TYPE (\S+)", metrics.render()[0].decode(), re.MULTILINE))


def series(metrics: Metrics) -> set[str]:
    return {line.rpartition(" ")[0] for line in metrics.render()[0].decode().splitlines() if line[0] != "#"}


def test_every_promised_metric_is_there(metrics):
    promised = {f"upload_sidecar_{name}" for name in FAMILIES.split()}
    assert {name for name in families(metrics) if not name.startswith("process_")} == promised


def test_the_process_is_measured_under_the_names_that_every_dashboard_knows(metrics):
    assert {"process_resident_memory_bytes", "process_cpu_seconds_total", "process_open_fds"} <= families(metrics)


def test_no_created_series_double_the_page(metrics):
    assert not [name for name in series(metrics) if "_created" in name]


def test_promtool_finds_nothing_to_say(metrics, make_outcome, forbidden_suffix):
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is missing: apt-get install prometheus")
    metrics.state.started("ab" * 32, 1.0)
    metrics.observe(make_outcome(findings=(forbidden_suffix,), cache="hit", error="service_down"))
    asked = subprocess.run([promtool, "check", "metrics"], input=metrics.render()[0], capture_output=True, check=False)
    assert (asked.returncode, asked.stdout + asked.stderr) == (0, b"")


def test_the_format_is_the_one_every_prometheus_reads(metrics):
    assert metrics.render()[1] == "text/plain; version=0.0.4; charset=utf-8"


def test_ordinary_uploads_add_no_series(metrics, make_outcome, forbidden_suffix):
    before = series(metrics)
    metrics.observe(make_outcome(status=200))
    metrics.observe(make_outcome(status=415, verdict="bad", action="rejected", findings=(forbidden_suffix,)))
    metrics.observe(make_outcome(status=502, error="service_down", cache="miss"))
    metrics.observe(make_outcome(status=503, error="overload"))
    assert series(metrics) == before


def test_hostile_input_adds_a_bounded_number_of_series(metrics, make_outcome):
    def attack(number: int) -> None:
        metrics.observe(make_outcome(method=f"EVIL{number}", route=f"/{number}", cache=f"{number}", error=f"{number}"))

    attack(0)
    before = series(metrics)
    for number in range(1, 500):
        attack(number)
    assert series(metrics) == before


def test_route_removed_by_a_reload_keeps_its_figures(metrics, make_outcome, value):
    metrics.observe(make_outcome())
    metrics.add_routes(["default", "invoices"])
    assert value("uploads_total", route="avatars", verdict="clean", action="forwarded") == 1
    assert value("uploads_total", route="invoices", verdict="clean", action="forwarded") == 0


def test_a_thousand_reloads_leak_no_series(metrics):
    metrics.state.started("0", 0.0)
    before = len(series(metrics))
    for number in range(1000):
        metrics.add_routes(["default", "avatars"])
        metrics.state.reloaded(f"{number:x}", float(number))
    assert len(series(metrics)) == before


def test_counting_an_upload_costs_well_under_a_tenth_of_a_millisecond(metrics, make_outcome):
    outcome = make_outcome()
    # 17 µs measured; the bound leaves room for a machine that does other things as well.
    assert min(timeit.repeat(lambda: metrics.observe(outcome), number=200, repeat=10)) / 200 < 100e-6
