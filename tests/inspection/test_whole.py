"""A whole file reads the same as bytes, as a stream and as a mapped file."""

import io
import mmap
import tempfile
import zipfile

from sidecar.inspection.whole import Whole


def test_its_stream_is_a_file_like_any_other() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", "hello")
    with zipfile.ZipFile(Whole(packed.getvalue()).stream()) as archive:
        assert archive.read("a.txt") == b"hello"


def test_a_mapped_file_reads_as_its_bytes_do() -> None:
    with tempfile.TemporaryFile() as file:
        file.write(b"x" * 5000 + b"end")
        file.flush()
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            whole = Whole(mapped)
            stream = whole.stream()
            assert (len(whole), whole.data.find(b"end"), stream.seek(-3, io.SEEK_END)) == (5003, 5000, 5000)
            assert stream.read() == b"end"
            assert stream.read() == b""


def test_what_is_within_goes_to_whoever_judges_it() -> None:
    seen = []
    whole = Whole(b"", lambda path, chunks: seen.append((path, b"".join(chunks))) or (), depth=1)
    assert list(whole.inside(b"a/b", [b"1", b"2"])) == []
    assert (seen, whole.depth) == ([(b"a/b", b"12")], 1)
