from dataclasses import replace
from itertools import product

import pytest

from sidecar.inspection.file import FileRecord

VERDICTS = ("clean", "bad", "not_examined", "not_inspected")


def test_every_verdict_and_action_stands_at_zero_from_the_start(value):
    for route, verdict, action in product(("default", "avatars"), VERDICTS, ("forwarded", "rejected")):
        assert value("uploads_total", route=route, verdict=verdict, action=action) == 0


def test_every_reason_stands_at_zero_from_the_start(value):
    for reason, action in product(("forbidden_suffix", "type_not_allowed"), ("forwarded", "rejected")):
        assert value("findings_total", reason=reason, action=action) == 0


def test_what_monitor_would_have_refused_is_told_from_what_was_refused(metrics, make_outcome, forbidden_suffix, value):
    for action, times in (("forwarded", 3), ("rejected", 1)):
        for _ in range(times):
            metrics.observe(make_outcome(verdict="bad", action=action, findings=(forbidden_suffix,)))
    assert value("uploads_total", route="avatars", verdict="bad", action="forwarded") == 3
    assert value("findings_total", reason="forbidden_suffix", action="forwarded") == 3
    assert value("findings_total", reason="forbidden_suffix", action="rejected") == 1


def test_every_finding_of_an_upload_counts(metrics, make_outcome, forbidden_suffix, value):
    metrics.observe(make_outcome(verdict="bad", action="rejected", findings=(forbidden_suffix,) * 3))
    assert value("findings_total", reason="forbidden_suffix", action="rejected") == 3
    assert value("uploads_total", route="avatars", verdict="bad", action="rejected") == 1


def test_reason_that_was_not_announced_is_counted_as_other(metrics, make_outcome, forbidden_suffix, value):
    strange = replace(forbidden_suffix, reason=replace(forbidden_suffix.reason, code="strange"))
    metrics.observe(make_outcome(verdict="bad", action="rejected", findings=(strange,)))
    assert value("findings_total", reason="other", action="rejected") == 1


@pytest.mark.parametrize(
    ("content_type", "label"),
    [
        ("image/png", "image/png"),
        ("IMAGE/PNG; charset=binary", "image/png"),
        ("application/x-made-up-by-nobody", "other"),
        ("", "inode/x-empty"),
    ],
)
def test_files_are_counted_by_known_types_only(metrics, make_outcome, value, content_type, label):
    file = FileRecord("f", "n", "image/gif", content_type, 5000, "ab")
    metrics.observe(make_outcome(files=(file, file)))
    assert value("files_total", type=label) == 2


def test_sizes_of_files_are_a_distribution_from_a_kibibyte_to_a_gibibyte(metrics, make_outcome, value):
    metrics.observe(make_outcome(files=(FileRecord("f", "n", "", "", 5000, "ab"),)))
    assert [value("file_size_bytes_bucket", le=le) for le in ("1024.0", "4096.0", "16384.0")] == [0, 0, 1]
    assert value("file_size_bytes_bucket", le="1.073741824e+09") == 1


def test_stages_are_distributions(metrics, make_outcome, value):
    metrics.observe(make_outcome(stages={"inspect": 0.004, "unheard_of": 1.0}))
    assert value("stage_duration_seconds_bucket", stage="inspect", le="0.005") == 1
    assert value("stage_duration_seconds_count", stage="spool") == 0
    assert value("stage_duration_seconds_count", stage="unheard_of") is None


def test_totals_are_sums_over_all_routes_most_frequent_reason_first(metrics, make_outcome, forbidden_suffix):
    other = replace(forbidden_suffix, reason=replace(forbidden_suffix.reason, code="type_not_allowed"))
    for route in ("default", "avatars"):
        metrics.observe(make_outcome(route=route, verdict="bad", action="rejected", findings=(forbidden_suffix,)))
    metrics.observe(make_outcome(verdict="bad", action="forwarded", findings=(other,)))
    totals = metrics.totals()
    assert totals.uploads["bad", "rejected"] == 2
    assert totals.uploads["clean", "forwarded"] == 0
    assert list(totals.reasons.items()) == [
        (("forbidden_suffix", "rejected"), 2),
        (("type_not_allowed", "forwarded"), 1),
    ]


def test_file_that_a_refusal_cut_short_is_not_counted(metrics, make_outcome, value):
    metrics.observe(make_outcome(files=(FileRecord("f", "n", "image/png", "", 0, ""),)))
    assert value("files_total", type="inode/x-empty") == 0
    assert value("file_size_bytes_count") == 0
