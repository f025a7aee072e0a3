"""Archives are opened to their end, within bounds, and what they hold is judged where it stands."""

import bz2
import gzip
import struct
import time
import tracemalloc

import pytest

from sidecar.inspection.checks.archives import Archives, ArchivesSettings
from sidecar.inspection.examination import Examination
from sidecar.inspection.file import File
from sidecar.inspection.formats.containers.unpacking import CODECS
from sidecar.inspection.whole import Whole
from sidecar.multipart.events import Part
from sidecar.policy.settings.model import Policy
from sidecar.policy.settings.uploads import Inside
from tests.corpus.files import archives as a
from tests.corpus.files import packing as k
from tests.corpus.files import tar_readings as t
from tests.corpus.files import zip_readings as z
from tests.pace import processor_time


def by_start(head: bytes) -> str:
    return "application/zip" if head.startswith(b"PK") else "text/plain"


def file_of(name: str, data: bytes) -> File:
    return File(Part(0, b"file", name.encode(), None), b"", by_start(data), len(data), "", ("archives",))


def found(name: str, data: bytes, policy: Policy | None = None) -> list[tuple[str, str]]:
    examination = Examination(policy or Policy(), by_start, time.perf_counter, stop_at_first=False)
    return [(each.reason.code, each.actual) for each in examination.examine(file_of(name, data), data).findings]


def test_a_finding_tells_the_path_through_the_files():
    data = k.zipped(("inner.zip", k.zipped(("a/b.php", b"x"))))
    assert found("photos.zip", data) == [("suffix_forbidden", "photos.zip > inner.zip > a/b.php: .php in a/b.php")]


def test_the_tree_shows_what_was_found_and_examined():
    data = k.zipped(("a.txt", k.TEXT), ("inner.zip", k.zipped(("b.txt", k.TEXT))))
    tree = (
        Examination(Policy(), by_start, time.perf_counter, stop_at_first=False)
        .examine(file_of("p.zip", data), data)
        .tree
    )
    assert [node.name for node in tree.inside] == ["a.txt", "inner.zip"]
    assert [node.name for node in tree.inside[1].inside] == ["b.txt"]
    assert tree.inside[1].checks[0][0] == "archives"
    assert tree.inside[0].size == len(k.TEXT)


def test_the_parts_of_a_document_are_counted_not_judged_as_files():
    assert found("book.epub", k.zipped(("mimetype", b"x"), ("a.js", b"var a"), ("a.xhtml", b"<html>"))) == []
    assert found("book.zip", k.zipped(("a.js", b"var a")))[0][0] == "suffix_forbidden"


@pytest.mark.parametrize(
    ("name", "sign"),
    [
        ("a.docx", "[Content_Types].xml"), ("a.xlsm", "[content_types].xml"), ("a.vsdx", "[Content_Types].xml"),
        ("a.odt", "META-INF/manifest.xml"), ("a.ods", "mimetype"), ("a.epub", "META-INF/container.xml"),
        ("a.kmz", "doc.kml"), ("a.pages", "Index/Document.iwa"), ("a.numbers", "Index.zip"),
        ("a.pptx", "[Content_Types].xml"),
    ],
)  # fmt: skip
def test_what_is_only_called_a_document_is_judged_as_an_archive(name, sign):
    assert found(name, k.zipped((sign, b"<x/>"), ("a.js", b"var a"))) == []
    assert found(name, k.zipped((sign + "x", b"<x/>"), ("a.js", b"var a")))[0][0] == "suffix_forbidden"


@pytest.mark.parametrize("name", ["a.jar", "a.apk"])
def test_the_parts_of_a_program_are_not_judged_as_files(name):
    assert found(name, k.zipped(("A.class", b"x"), ("a.js", b"var a"))) == []


def test_links_pass_where_the_policy_says_so():
    check = Archives(ArchivesSettings(links="pass"), Policy())
    data = a.links("a.txt")
    assert list(check.examine(file_of("a.zip", data), Whole(data))) == []


@pytest.mark.parametrize("limits", [{"max_files": 3}, {"max_bytes": 1000}, {"max_file": 300}], ids=str)
def test_the_budget_holds_over_all_levels(limits):
    inner = k.zipped(("a.txt", k.TEXT), ("b.txt", k.TEXT))
    data = k.zipped(("x.zip", inner), ("y.zip", inner))
    codes = {code for code, _ in found("a.zip", data, Policy(inside=Inside(**limits)))}
    assert codes in ({"inside_too_many"}, {"inside_too_large"})


def test_what_must_be_seen_whole_is_kept_up_to_a_setting():
    data = k.zipped(("a.txt", k.TEXT), method=k.STORED)
    allowed, short = (Policy(inside=Inside(max_kept=len(data) - less)) for less in (0, 1))
    assert found("a.zip.gz", gzip.compress(data), allowed) == []
    (finding,) = found("a.zip.gz", gzip.compress(data), short)
    assert finding == ("inside_kept_too_large", f"a.zip.gz > a.zip: {len(data)} bytes")


def test_what_is_kept_takes_its_memory_once():
    data = k.zipped(*((f"{index}.txt", k.TEXT * 500) for index in range(8)), method=k.STORED)
    packed = gzip.compress(data)
    tracemalloc.start()
    try:
        assert found("a.zip.gz", packed) == []
        assert tracemalloc.get_traced_memory()[1] < 1.7 * len(data)
    finally:
        tracemalloc.stop()


def test_what_is_nested_deeper_than_allowed_is_not_examined():
    data = k.nested(4, k.TEXT, "a.txt")
    assert [code for code, _ in found("a.zip", data, Policy(inside=Inside(max_depth=2)))] == ["inside_too_deep"]


def test_the_ratio_is_counted_while_unpacking_not_believed():
    data = gzip.compress(bytes(20_000_000))
    assert [code for code, _ in found("zeros.txt.gz", data)] == ["archive_bomb"]
    assert found("zeros.txt.gz", gzip.compress(bytes(10_000_000))) == []


@pytest.mark.parametrize("make", [a.overlapping, a.nested_bomb, a.long_directory], ids=lambda make: make.__name__)
def test_a_bomb_is_found_in_under_a_second(make):
    data = make()
    with processor_time(below=1):
        examination = Examination(Policy(), by_start, time.perf_counter, stop_at_first=True)
        assert examination.examine(file_of("bomb.zip", data), data).findings


@pytest.mark.skipif("zstd" not in CODECS, reason="an extra")
@pytest.mark.parametrize("first", [b"\x50", b"\x5f"])
def test_a_zstd_file_is_opened_behind_a_frame_that_is_to_be_skipped(first):
    skipped = first + b"\x2a\x4d\x18\4\0\0\0skip"
    frame = b"\x28\xb5\x2f\xfd\x20%c" % len(k.PHP) + (len(k.PHP) << 3 | 1).to_bytes(3, "little") + k.PHP
    assert Archives(ArchivesSettings(), Policy()).wants(File(Part(0, b"f", b"a", None), skipped + frame))
    assert found("b.php.zst", skipped + frame)[0][0] == "suffix_forbidden"


DEAR = {
    "records-for-all.tar": lambda: t.pax(*((b"%06d" % n, b"") for n in range(60_000)), kind=b"g") + ENTRIES + t.END,
    "many-records.tar": lambda: t.pax(*((b"%06d" % n, b"") for n in range(60_000)), kind=b"g") * 30 + t.END,
    "long-path-for-all.tar": lambda: t.path(b"a/" * 16_000, b"g") + ENTRIES + t.END,
    "many-long-names.tar": lambda: t.header(b"", 0, b"L") * 100_000 + t.END,
    "empty-streams.gz": lambda: gzip.compress(b"", 9) * 400_000,
    "small-streams.gz": lambda: gzip.compress(bytes(65), 9) * 400_000,
    "empty-streams.bz2": lambda: bz2.compress(b"") * 400_000,
    "empty-fields.zip": lambda: with_fields(struct.pack("<2H", 0xBEEF, 0) * 16_000),
    "small-fields.zip": lambda: with_fields(struct.pack("<2Hx", 0xBEEF, 1) * 12_800),
    "many-paths.zip": lambda: with_fields(z.unicode_path("b.txt", b"a.txt") * 4_500),
}
ENTRIES = b"".join(t.header(b"%d" % n, 0) for n in range(3000))


def with_fields(extra: bytes) -> bytes:
    """Four hundred entries, 51 MB of extra fields in both headers of each."""
    own, listed = z.local(b"a.txt", b"", extra), [z.record(b"a.txt", b"", 0, extra) for _ in range(400)]
    told = b"".join(each[:42] + struct.pack("<L", n * len(own)) + each[46:] for n, each in enumerate(listed))
    return own * 400 + told + z.end(400, len(told), len(own) * 400)


@pytest.mark.parametrize("name", DEAR)
def test_what_is_made_to_be_dear_takes_a_bounded_time(name):
    data = DEAR[name]()
    with processor_time(below=4):
        found(name, data)


def test_a_log_whose_lines_were_packed_one_by_one_is_read_to_its_end():
    lines = b"".join(gzip.compress(b"2024-01-01 00:00:00.%06d GET /index.html 200 12ms\n" % n) for n in range(20_000))
    assert found("a.log.gz", lines) == []


def test_a_tar_that_tells_much_of_every_entry_is_read_to_its_end():
    told = ((b"mtime", b"1.5"), (b"atime", b"1.5"), (b"uname", b"me"), *((b"a%d" % n, b"x") for n in range(40)))
    entries = (t.pax((b"path", b"%d.txt" % n), *told) + t.entry(b"%d.txt" % n, b"x") for n in range(2500))
    assert found("a.tar", b"".join(entries) + t.END) == []


def test_a_zip_of_a_hundred_entries_takes_a_bounded_time():
    data = k.zipped(*((f"notes-{index}.txt", k.TEXT) for index in range(100)))
    found("a.zip", data)
    with processor_time(below=0.5):  # 10 ms on a machine of its own
        assert found("a.zip", data) == []
