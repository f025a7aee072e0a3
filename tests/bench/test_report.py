"""What the bench says of rows whose figures count for nothing."""

import pytest

from bench.report import show_troubles, troubles


def row(peer, **told):
    return {"peer": peer, "scenario": "1 GB once", "errors": 0, **told}


def test_a_row_of_the_sidecar_with_errors_in_any_round_is_told():
    rows = [row("sidecar off"), row("sidecar enforce, hold"), row("sidecar enforce, hold", errors=3)]
    assert troubles(rows) == ["sidecar enforce, hold: 1 GB once, 3 errors"]


def test_a_row_of_the_sidecar_that_was_not_measured_is_told():
    rows = [{"peer": "sidecar monitor", "scenario": "GET", "failed": "connection refused"}]
    assert troubles(rows) == ["sidecar monitor: GET, connection refused"]


@pytest.mark.parametrize("rows", [[], [row("sidecar monitor"), row("nginx buffering", errors=7), row("no proxy")]])
def test_rows_without_errors_and_those_of_peers_are_not_told(rows):
    assert troubles(rows) == []


def test_what_went_wrong_is_one_line_and_exit_code_1(capsys):
    assert show_troubles([row("sidecar off", errors=1), row("sidecar monitor", errors=2)]) == 1
    told = capsys.readouterr().out.strip()
    assert told.endswith(": sidecar off: 1 GB once, 1 error; sidecar monitor: 1 GB once, 2 errors")
    assert "\n" not in told


def test_nothing_is_said_where_all_went_well(capsys):
    assert show_troubles([row("sidecar off")]) == 0
    assert capsys.readouterr().out == ""
