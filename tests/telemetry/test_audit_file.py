"""The file of the audit log: bounded, whole lines, shared by processes, and honest when there is no room."""

import os
import subprocess
import sys

import pytest

from sidecar.telemetry.audit_file import AuditFile, probe_file

LINE = b"x" * 99 + b"\n"


def lines(*paths):
    return [line for path in paths for line in path.read_bytes().splitlines(keepends=True)]


def test_lines_are_appended_to_what_is_there(tmp_path):
    path = tmp_path / "audit.jsonl"
    path.write_bytes(b"before\n")
    assert AuditFile(str(path), 1000, 2).append(b"one\ntwo\n") == (0, "")
    assert path.read_bytes() == b"before\none\ntwo\n"


def test_nobody_else_may_read_it(tmp_path):
    path = tmp_path / "audit.jsonl"
    AuditFile(str(path), 1000, 2).append(LINE)
    assert path.stat().st_mode & 0o137 == 0


def test_half_a_line_of_a_process_that_died_does_not_swallow_the_next(tmp_path):
    path = tmp_path / "audit.jsonl"
    path.write_bytes(b'{"v":1,"ts"')
    AuditFile(str(path), 1000, 2).append(b"whole\n")
    assert path.read_bytes() == b'{"v":1,"ts"\nwhole\n'


def test_a_full_file_is_turned_over_and_the_oldest_goes(tmp_path):
    file = AuditFile(str(tmp_path / "a"), 250, 2)
    for number in range(10):
        file.append(b"%099d\n" % number)
    kept = {path.name: [int(line) for line in lines(path)] for path in tmp_path.iterdir()}
    assert kept == {"a": [8, 9], "a.1": [6, 7], "a.2": [4, 5]}


def test_many_lines_at_once_are_turned_over_at_the_ends_of_lines(tmp_path):
    AuditFile(str(tmp_path / "a"), 250, 9).append(LINE * 7)
    assert sorted((path.name, path.stat().st_size) for path in tmp_path.iterdir()) == [
        ("a", 100), ("a.1", 200), ("a.2", 200), ("a.3", 200)
    ]  # fmt: skip


def test_with_none_kept_there_is_one_file(tmp_path):
    AuditFile(str(tmp_path / "a"), 250, 0).append(LINE * 7)
    assert [(path.name, path.stat().st_size) for path in tmp_path.iterdir()] == [("a", 100)]


def test_fewer_that_are_kept_take_effect_with_the_next_one(tmp_path):
    AuditFile(str(tmp_path / "a"), 100, 9).append(LINE * 8)
    AuditFile(str(tmp_path / "a"), 100, 2).append(LINE)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "a.1", "a.2"]


def test_a_line_larger_than_the_file_has_one_of_its_own(tmp_path):
    AuditFile(str(tmp_path / "a"), 50, 9).append(LINE * 2)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "a.1"]


def test_several_processes_lose_and_break_no_line(tmp_path):
    path = tmp_path / "a"
    code = (
        "import sys; from sidecar.telemetry.audit_file import AuditFile; f = AuditFile(sys.argv[1], 3000, 1000)\n"
        "for n in range(200): assert f.append(f'{sys.argv[2]}-{n:03}-{\"x\" * 40}\\n'.encode()) == (0, '')"
    )
    writers = [subprocess.Popen([sys.executable, "-c", code, path, str(number)]) for number in range(3)]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    found = lines(*tmp_path.iterdir())
    assert sorted(found) == sorted(f"{w}-{n:03}-{'x' * 40}\n".encode() for w in range(3) for n in range(200))
    assert max(each.stat().st_size for each in tmp_path.iterdir()) <= 3000


def test_a_file_that_was_moved_away_is_made_anew(tmp_path):
    path = tmp_path / "a"
    file = AuditFile(str(path), 1000, 2)
    file.append(LINE)
    path.rename(tmp_path / "moved")
    file.append(LINE)
    assert path.read_bytes() == LINE


_WITH_ROOM_FOR = """
import resource, sys
from sidecar.telemetry.audit_file import AuditFile
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
print(AuditFile(sys.argv[1], 10_000, 2).append(b"one\\ntwo\\nthree\\n")[0])
"""


@pytest.mark.parametrize(("room", "lost"), [(0, 3), (3, 3), (4, 2), (6, 2), (8, 1), (13, 1), (14, 0)])
def test_only_lines_that_are_not_whole_in_the_file_count_as_lost(tmp_path, room, lost):
    command = [sys.executable, "-c", _WITH_ROOM_FOR, str(tmp_path / "audit"), str(room)]
    assert int(subprocess.run(command, capture_output=True, check=True, timeout=60).stdout) == lost


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="/dev/full is of Linux")  # noqa: PTH110
def test_lines_that_a_full_disk_refuses_are_counted():
    assert AuditFile("/dev/full", 1000, 2).append(LINE * 3) == (3, "No space left on device")


def test_what_cannot_be_opened_is_said(tmp_path):
    missing = AuditFile(str(tmp_path / "missing" / "a"), 1000, 2)
    assert missing.append(LINE * 2) == (2, "No such file or directory")
    assert probe_file(str(tmp_path)) == "Is a directory"
    assert probe_file(str(tmp_path / "a")) == "No such file or directory"
    assert not (tmp_path / "a").exists()
    (tmp_path / "a").touch()
    assert probe_file(str(tmp_path / "a")) is None
