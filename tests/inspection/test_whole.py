"""A whole file reads the same as bytes and as a mapped file."""

import mmap
import tempfile

from sidecar.inspection.whole import Whole


def test_a_mapped_file_reads_as_its_bytes_do() -> None:
    with tempfile.TemporaryFile() as file:
        file.write(b"x" * 5000 + b"end")
        file.flush()
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            whole = Whole(mapped)
            assert (len(whole), whole.data.find(b"end"), whole.data[5000:]) == (5003, 5000, b"end")


def test_what_is_within_goes_to_whoever_judges_it() -> None:
    seen = []
    whole = Whole(b"", lambda path, chunks: seen.append((path, b"".join(chunks))) or (), depth=1)
    assert list(whole.inside(b"a/b", [b"1", b"2"])) == []
    assert (seen, whole.depth) == ([(b"a/b", b"12")], 1)
