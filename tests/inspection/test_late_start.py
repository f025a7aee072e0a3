"""What begins only beyond the first window is judged by where it begins."""

import pytest

from sidecar.inspection.file import File
from sidecar.inspection.late_start import begins_late
from sidecar.inspection.types.content import HEAD_SIZE
from sidecar.inspection.whole import Whole
from sidecar.policy.settings.model import Files, Policy
from tests.inspection import samples as s
from tests.inspection.honest_files import FILES
from tests.inspection.judging import codes, make, part_of
from tests.pace import processor_time

BEFORE = [b"\n" * 9000, b"<!-- " + b"x" * 9000 + b" -->", b"<?xml version='1.0'?>" + b" " * 9000, b"<!-- a -->\n" * 900,
          b"\xef\xbb\xbf" + b"\n" * 9000, b"<!DOCTYPE x [" + b"x" * 9000 + b"]>"]  # fmt: skip


def examined(name, called, data, policy=None):
    check, file = make(name, policy=policy), File(part_of(called), data[:HEAD_SIZE], "text/plain")
    assert list(check.look(file)) == []
    wanted, file.head = check.wants(file), b""
    return wanted, codes(check.examine(file, Whole(data)) if wanted else ())


@pytest.mark.parametrize("cut", range(12))
def test_it_begins_late_wherever_the_window_cuts_what_stands_before(cut):
    assert begins_late((b" " * cut + b"<!-- a -->\n" * 900)[:HEAD_SIZE])


@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("late", [s.HTML, s.PHP, s.svg(), s.SHELL])
def test_what_runs_late_is_what_it_is(before, late):
    assert examined("type_agreement", "a", before + late) == (True, ["content_runs"])
    assert examined("type_agreement", "a.csv", before + late) == (True, ["content_not_as_named"])
    policy = Policy(files=Files(types=("text/plain",)))
    assert examined("content_type_allowed", "a", before + late, policy) == (True, ["content_type_not_allowed"])


@pytest.mark.parametrize("before", BEFORE)
def test_what_runs_nothing_passes(before):
    for late in (b"", b"words", b"<note/>", b"# Title"):
        assert examined("type_agreement", "a", before + late)[1] == []


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_read(encoding):
    data = ("\ufeff" + "\n" * 9000 + "<html><script>").encode(encoding)
    assert examined("type_agreement", "a", data) == (True, ["content_runs"])


@pytest.mark.parametrize("called", ["a.html", "a.txt", "a.md"])
def test_names_that_say_so_pass(called):
    assert examined("type_agreement", called, b"\n" * 9000 + s.HTML) == (True, [])


@pytest.mark.parametrize(("name", "declared", "data"), FILES, ids=lambda value: str(value)[:30])
def test_honest_files_begin_at_once_or_pass(name, declared, data):
    assert not begins_late(data[:HEAD_SIZE]) or examined("type_agreement", name, data)[1] == []


@pytest.mark.parametrize("head", [b"", b"words", b"\n" * 4095, b"\0" * 4096, b"x" * 4096, b"<p>" * 1400])
def test_most_files_are_not_wanted(head):
    assert not begins_late(head)


@pytest.mark.parametrize("piece", [b" ", b"<!--", b"<!-- -->", b"<?a?>", b"<!doctype x["])
def test_no_prolog_takes_long(piece):
    data = piece * (8_000_000 // len(piece))
    with processor_time(below=2):
        examined("type_agreement", "a.txt", data)
