import json
import logging
import os
import subprocess
import sys
from collections import Counter

import pytest

from sidecar.policy.settings.model import Log
from sidecar.telemetry.log import LOGGER, JsonFormatter, LogOutput, log_event, log_outcome


@pytest.fixture
def logged(tmp_path):
    """Runs an action and gives back the lines that it logged, and their count by level."""

    def run(action, settings=None):
        path, levels = tmp_path / "log", Counter()
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        with LogOutput(settings or Log(), lambda level: levels.update([level]), lambda _lines: None, descriptor):
            action()
        os.close(descriptor)
        return [json.loads(line) for line in path.read_text().splitlines()], levels

    return run


def test_level_is_as_it_was_once_the_log_has_ended(logged, make_outcome):
    before = LOGGER.level
    logged(lambda: log_outcome(make_outcome(), Log()), Log(level="debug"))
    assert LOGGER.level == before


def test_upload_is_one_line_with_time_level_and_event(logged, make_outcome):
    lines, levels = logged(lambda: log_outcome(make_outcome(), Log()))
    assert len(lines) == 1
    assert (lines[0]["level"], lines[0]["event"], lines[0]["request_id"]) == ("info", "upload", "r-1")
    assert lines[0]["ts"].endswith("Z")
    assert len(lines[0]["ts"]) == len("2026-01-02T03:04:05.678Z")
    assert levels == {"info": 1}


@pytest.mark.parametrize(
    ("changes", "level"),
    [
        ({"verdict": "bad", "action": "rejected", "status": 415}, "warning"),
        ({"verdict": "not_examined", "action": "forwarded"}, "warning"),
        ({"verdict": "not_inspected", "mode": "off"}, "info"),
        ({"error": "service_down", "status": 502}, "error"),
        ({"error": "client_too_slow", "status": 408}, "warning"),
        ({"verdict": "not_examined", "action": "rejected", "status": 503}, "error"),
        ({"status": 503}, "info"),
        ({"upload": False, "verdict": "", "action": "", "error": "service_down", "status": 502}, "error"),
    ],
)
def test_level_tells_how_much_to_care(logged, make_outcome, changes, level):
    lines, _ = logged(lambda: log_outcome(make_outcome(**changes), Log()))
    assert [line["level"] for line in lines] == [level]


def test_request_that_is_no_upload_is_logged_only_at_level_debug(logged, make_outcome):
    plain = make_outcome(upload=False, verdict="", action="")
    assert logged(lambda: log_outcome(plain, Log()))[0] == []
    lines, _ = logged(lambda: log_outcome(plain, Log()), Log(level="debug"))
    assert [(line["level"], line["event"]) for line in lines] == [("debug", "request")]


def test_level_of_a_new_configuration_is_taken(tmp_path):
    with LogOutput(Log(level="error"), lambda _: None, lambda _: None) as output:
        assert not LOGGER.isEnabledFor(logging.INFO)
        output.apply(Log(level="info"))
        assert LOGGER.isEnabledFor(logging.INFO)


def test_events_that_are_no_exchange_have_their_own_fields(logged):
    lines, _ = logged(lambda: log_event("config_rejected", "error", line=3, message="unknown key"))
    assert {key: lines[0][key] for key in ("level", "event", "line", "message")} == {
        "level": "error",
        "event": "config_rejected",
        "line": 3,
        "message": "unknown key",
    }


def test_lines_of_other_libraries_are_json_too(logged):
    lines, levels = logged(lambda: logging.getLogger("aiohttp.server").critical("bad %s", "\r\n{}"))
    assert {key: lines[0][key] for key in ("level", "event", "logger", "message")} == {
        "level": "error",
        "event": "message",
        "logger": "aiohttp.server",
        "message": "bad \r\n{}",
    }
    assert levels == {"error": 1}


def test_message_whose_arguments_do_not_fit_is_logged_all_the_same():
    record = logging.LogRecord("other", logging.ERROR, "", 0, "%d and %d", ("one",), None)
    assert json.loads(JsonFormatter().format(record))["message"] == "%d and %d"


def test_error_of_our_own_comes_with_its_traceback(logged):
    def fail():
        try:
            int("broken")
        except ValueError:
            LOGGER.exception("while testing")

    lines, _ = logged(fail)
    assert len(lines) == 1
    assert lines[0]["message"] == "while testing"
    assert lines[0]["exception"].endswith("ValueError: invalid literal for int() with base 10: 'broken'\n")


def test_endless_message_becomes_a_bounded_line(logged):
    lines, _ = logged(lambda: logging.getLogger("other").error("x" * 1_000_000))
    assert lines[0]["truncated"] is True
    assert len(json.dumps(lines[0])) < 20_000


def test_nothing_is_left_on_the_loggers_after_the_end(logged):
    before = list(logging.getLogger().handlers)
    logged(lambda: log_event("started"))
    assert logging.getLogger().handlers == before


PROGRAM = """
import sys
from sidecar.policy.settings.model import Log
from sidecar.telemetry.log import LogOutput, log_event
dropped = []
with LogOutput(Log(), lambda level: None, dropped.append):
    sys.stdin.readline()
    log_event("started")
print(sum(dropped), file=sys.stderr)
"""


def test_closed_pipe_as_standard_output_is_no_crash():
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    process.stdout.close()
    _, errors = process.communicate(b"\n", timeout=30)
    assert (process.returncode, errors) == (0, b"1\n")


def test_closed_standard_output_leaves_its_number_to_nobody():
    command = ["sh", "-c", '"$0" -c "$1" >&-', sys.executable, PROGRAM]
    done = subprocess.run(command, input=b"\n", capture_output=True, timeout=30, check=False)
    assert (done.returncode, done.stderr) == (0, b"0\n")
