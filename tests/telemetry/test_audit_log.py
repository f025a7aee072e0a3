"""The audit log never delays an upload: a disk that is slow, full or gone costs lines, and these are counted."""

import fcntl
import json
import logging
import os
import threading
import time

import pytest

from sidecar.policy.settings.audit import Audit
from sidecar.telemetry.audit_log import AuditLog
from sidecar.telemetry.line_thread import CAPACITY, MOST_BYTES, LineThread
from tests.telemetry.conftest import Dropped


@pytest.fixture
def dropped():
    return Dropped()


@pytest.fixture
def audit(dropped):
    audit = AuditLog(dropped)
    yield audit
    audit.close(10)


def test_every_upload_has_its_line_in_order(audit, dropped, make_outcome, tmp_path):
    path = tmp_path / "audit.jsonl"
    audit.apply(Audit(file=str(path)))
    for number in range(100):
        audit.record(make_outcome(request_id=f"r-{number}"), bytes)
    audit.close(10)
    assert [json.loads(line)["request_id"] for line in path.read_text().splitlines()] == [f"r-{n}" for n in range(100)]
    assert dropped.lines == 0


def test_off_is_the_default_and_writes_nothing(audit, make_outcome):
    audit.record(make_outcome(), bytes)
    audit.apply(Audit())
    audit.record(make_outcome(), bytes)
    assert audit._writer is None


def test_a_disk_that_stalls_delays_nobody_and_what_is_lost_is_counted(audit, dropped, make_outcome, tmp_path):
    path = tmp_path / "audit.jsonl"
    path.touch()
    audit.apply(Audit(file=str(path)))
    descriptor = os.open(path, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)  # whoever writes waits, as on a disk that does not answer
    began = time.monotonic()
    for _ in range(3 * CAPACITY):
        audit.record(make_outcome(), bytes)
    assert time.monotonic() - began < 30
    assert CAPACITY <= dropped.lines <= 2 * CAPACITY
    os.close(descriptor)
    audit.close(10)
    assert len(path.read_bytes().splitlines()) == 3 * CAPACITY - dropped.lines


def test_a_full_disk_is_told_once_and_every_lost_line_is_counted(audit, dropped, make_outcome, caplog):
    audit.apply(Audit(file="/dev/full"))
    with caplog.at_level(logging.ERROR):
        for number in range(1, 4):
            dropped.some.clear()
            audit.record(make_outcome(), bytes)
            assert dropped.some.wait(10)
            assert dropped.lines == number
        audit.close(10)
    assert [record.getMessage() for record in caplog.records] == [
        "audit.file cannot be written: No space left on device; uploads go on, lines are dropped and counted"
    ]


def test_a_file_that_is_written_again_is_told(audit, dropped, make_outcome, caplog, tmp_path):
    path = tmp_path / "audit"
    path.mkdir()
    audit.apply(Audit(file=str(path)))
    with caplog.at_level(logging.INFO):
        audit.record(make_outcome(), bytes)
        assert dropped.some.wait(10)
        path.rmdir()
        audit.record(make_outcome(), bytes)
        audit.record(make_outcome(), bytes)
        audit.close(10)
    assert [record.levelname for record in caplog.records] == ["ERROR", "INFO"]
    assert caplog.records[1].getMessage() == "audit.file is written again"


def test_another_file_is_taken_up_and_what_was_on_its_way_still_arrives(audit, make_outcome, tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    audit.apply(Audit(file=str(one)))
    audit.record(make_outcome(), bytes)
    writer = audit._writer
    audit.apply(Audit(file=str(two)))
    audit.record(make_outcome(), bytes)
    audit.close(10)
    writer.close(10)
    assert (len(one.read_bytes().splitlines()), len(two.read_bytes().splitlines())) == (1, 1)


def test_lines_that_wait_are_bounded_in_bytes_too(dropped):
    gate = threading.Event()

    class Slow(LineThread):
        def _send(self, _):
            gate.wait(10)

        def _end(self):
            pass

    thread = Slow("slow", dropped)
    for _ in range(20):
        thread.write(b"x" * (MOST_BYTES // 10))
    assert 0 < dropped.lines < 20
    gate.set()
    thread.close(10)
