"""A search window by window finds what one over all of a file finds, wherever windows meet."""

import mmap
import re
import resource
from pathlib import Path

import pytest

from sidecar.inspection.formats import windows
from sidecar.inspection.formats.openers import ANYWHERE, LONGEST

OPENERS = (
    b"<?php\n", b"<?=         shell_exec         (", b"<%@         webservice ", b"<!doctype         html>",
    b"<jsp:scriptlet>", b"<!--#include ", b"<script>", b"<IFRAME ", b"<cfexecute ",
    b"<?=" + b" " * 40 + (b"/*" + b"x" * 20 + b"*/" + b" " * 9) * 2 + b"$" + b"a" * 24 + b"   =   '" + b"b" * 24 + b"'",
    b"<?=" + b" " * 40 + (b"/*" + b"x" * 20 + b"*/" + b" " * 9) * 2 + b"`" + b"b" * 60 + b"`   ?>",
    b"<?=" + b"1;" * 30 + b"register_shutdown_function         (", b"<%" + b" ;" * 30 + b"getParameter",
)  # fmt: skip
BYTES = b"Rar!\x1a\x07\1\0"


@pytest.fixture(autouse=True)
def small_windows(monkeypatch):
    monkeypatch.setattr(windows, "WINDOW", 4096)


@pytest.mark.parametrize("opener", OPENERS)
def test_every_opener_is_found_across_the_seam_of_two_windows(opener):
    for at in range(4096 - LONGEST - 40, 4096 + 2):
        data = bytes(at) + opener + bytes(6000)
        assert windows.search(data, ANYWHERE, LONGEST).span() == ANYWHERE.search(data).span()


@pytest.mark.parametrize("near", [b"<?phpx", b"<scripts", b"<?php"])
def test_what_ends_a_word_at_the_end_of_a_window_alone_is_no_match(near):
    for at in range(8192 - 10, 8192 + LONGEST + 2):
        for data in (bytes(at) + near + b"y" * 6000, bytes(at) + near):
            expected = ANYWHERE.search(data)
            found = windows.search(data, ANYWHERE, LONGEST)
            assert (found and found.span()) == (expected and expected.span())


def test_the_first_of_several_is_found():
    for at in range(4080, 4100):
        data = bytes(at) + BYTES + bytes(20) + BYTES + bytes(5000) + BYTES
        assert windows.find(data, BYTES) == at
        assert windows.find(data, BYTES, at + 1) == data.find(BYTES, at + 1)
        assert windows.find(data, b"nowhere") == -1


@pytest.mark.parametrize("size", [3000, 4096, 4100, 9000])
def test_what_ends_behind_the_end_is_not_found(size):
    for at in range(size - 20, size + 2):
        data = bytes(at) + BYTES + bytes(9000)
        for end in range(at + 4, at + 12):
            assert windows.find(data, BYTES, 0, end) == data.find(BYTES, 0, end)
    assert windows.find(bytes(size), BYTES, 0, 1_000_000) == -1


def test_nothing_is_found_in_nothing():
    assert (windows.find(b"", BYTES), windows.search(b"", re.compile(b"a"), 1)) == (-1, None)


def test_of_a_mapped_file_no_more_than_a_window_stays_in_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(windows, "WINDOW", 1024 * 1024)
    path = tmp_path / "file"
    path.write_bytes(bytes(32 * 1024 * 1024) + BYTES)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, mmap.MAP_PRIVATE, mmap.PROT_READ) as data:
        assert windows.find(data, BYTES) == 32 * 1024 * 1024
        assert windows.search(data, ANYWHERE, LONGEST) is None
        assert resident(data) < 4 * 1024 * 1024
        assert data[-8:] == BYTES


def resident(data: mmap.mmap) -> int:
    """Bytes of the map that are in memory, by smaps(5)."""
    size = -(-len(data) // resource.getpagesize()) * resource.getpagesize() // 1024
    lines = Path("/proc/self/smaps").read_text().split("\n")
    place = next(number for number, line in enumerate(lines) if line.split() == ["Size:", str(size), "kB"])
    return 1024 * int(next(line for line in lines[place:] if line.startswith("Rss:")).split()[1])
