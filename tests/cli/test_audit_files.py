"""Files of an audit log are read oldest first, and what cannot be read of them is said."""

import io
import os

import pytest

from sidecar.cli.audit_files import AuditFiles, Progress
from sidecar.cli.config_file import UnreadableError
from sidecar.cli.labels import finding_reasons
from sidecar.policy.settings.audit import Audit
from sidecar.policy.settings.model import Policy
from sidecar.telemetry.audit_line import line_of
from sidecar.telemetry.audit_read import LONGEST_LINE
from tests.auditing import KEY, NOW, outcome_of
from tests.inspection.judging import PNG, part_of

RAW = line_of(outcome_of([(part_of("a.png"), PNG)], Policy(), lambda _: "image/png"), Audit(), KEY, NOW)


class Screen(io.StringIO):
    def __init__(self, *, terminal):
        super().__init__()
        self._terminal = terminal

    def isatty(self):
        return self._terminal


def line(request_id):
    return RAW.replace(b"r-1", request_id.encode())


def reading(*paths, screen=None):
    progress = Progress("replay", screen or Screen(terminal=False), clock=iter(range(10_000)).__next__)
    files = AuditFiles(paths, finding_reasons(), progress)
    return files, [each.request_id for each in files.lines()]


@pytest.fixture
def write(tmp_path):
    def write(name, *content):
        path = tmp_path / name
        path.write_bytes(b"".join(content))
        return path

    return write


def test_files_that_were_turned_over_come_first_whatever_the_order_they_are_named_in(write):
    paths = [write(name, line(name)) for name in ("audit.jsonl", "audit.jsonl.1", "audit.jsonl.10", "audit.jsonl.2")]
    expected = ["audit.jsonl.10", "audit.jsonl.2", "audit.jsonl.1", "audit.jsonl"]
    assert reading(*paths)[1] == reading(*reversed(paths))[1] == expected


def test_a_file_named_twice_is_read_once(write):
    path = write("a", line("one"))
    assert reading(path, path)[1] == ["one"]


@pytest.mark.parametrize("length", [1, 50, len(RAW) - 1])
def test_a_last_line_that_is_cut_off_is_told_and_left_out(write, length):
    files, found = reading(write("a", line("one"), RAW[:length]))
    assert (found, files.unread.broken) == (["one"], 0)
    assert files.unread.cut == [files.names[0]]


def test_lines_of_another_version_and_other_lines_are_counted_apart(write):
    other = RAW.replace(b'"v":1', b'"v":7')
    files, found = reading(write("a", b"\n", other, b"{}\n", b"not JSON\n", line("one"), other))
    assert (found, files.unread.other_version, files.unread.broken) == (["one"], 2, 2)
    assert files.unread.version == "expected version 1, got 7"
    assert files.unread.broken_at.endswith(":3")


def test_a_line_without_end_costs_bounded_memory_and_one_place_in_the_count(write):
    files, found = reading(write("a", b"x" * (3 * LONGEST_LINE + 7), b"\n", line("one")))
    assert (found, files.unread.broken, files.unread.cut) == (["one"], 1, [])


def test_a_file_of_something_else_altogether_is_said_to_be_one(write):
    files, found = reading(write("a", os.urandom(100_000), b"\n"))
    assert found == []
    assert files.unread.broken > 0


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(UnreadableError, match="cannot be read: No such file or directory; expected an audit log"):
        reading(tmp_path / "missing")
    with pytest.raises(UnreadableError, match="cannot be read: Is a directory"):
        reading(tmp_path)


@pytest.mark.parametrize("terminal", [True, False])
def test_progress_is_shown_on_a_terminal_alone_and_leaves_no_trace(write, terminal):
    screen = Screen(terminal=terminal)
    reading(write("a", RAW * 10_000), screen=screen)
    shown = screen.getvalue()
    assert ("\rreplay:  50 % of" in shown) is terminal
    assert shown.endswith("\r\x1b[K") is terminal
