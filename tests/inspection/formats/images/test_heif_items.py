"""Items of a HEIF that are no pixels, in each way of telling where they stand."""

import struct

import pytest

from sidecar.inspection.formats.anatomy import Anatomy
from sidecar.inspection.formats.images.boxes import boxes
from sidecar.inspection.formats.images.heif_items import note_items
from tests.corpus.files.image_samples import box
from tests.pace import processor_time

WORDS = b"\0\0\0\0words of EXIF"


def items(kind: bytes = b"Exif", *, wide: bool = False) -> bytes:
    """One item with the number 7."""
    number = struct.pack(">I" if wide else ">H", 7)
    entry = box(b"infe", bytes([3 if wide else 2, 0, 0, 0]) + number + bytes(2) + kind + b"\0application/rdf+xml\0")
    return box(b"iinf", bytes(4) + struct.pack(">H", 1) + entry)


def places(version: int, start: int, size: int, *, method: int = 0, count: int = 1) -> bytes:
    """Where it stands, with an offset of which half is told as the base."""
    number = ">I" if version == 2 else ">H"
    head = bytes([version, 0, 0, 0, 0x44, 0x40]) + struct.pack(number, count) + struct.pack(number, 7)
    built = struct.pack(">H", method) if version else b""
    return box(b"iloc", head + built + struct.pack(">HIHII", 0, start // 2, 1, start - start // 2, size))


def noted(data: bytes) -> list[tuple[str, bytes]]:
    anatomy = Anatomy("HEIF")
    note_items(data, boxes(data, 0, len(data)), anatomy)
    return [(span.kind, data[span.start : span.end]) for span in anatomy.spans]


@pytest.mark.parametrize("version", [0, 1, 2])
@pytest.mark.parametrize("wide", [False, True])
def test_an_item_is_found_by_its_place_in_the_file(version, wide):
    before = box(b"mdat", WORDS)
    data = before + items(wide=wide) + places(version, 8, len(WORDS))
    assert noted(data) == [("EXIF", b"words of EXIF")]
    assert noted(before + places(version, 8, len(WORDS)) + items(b"mime", wide=wide)) == [("XMP", WORDS)]
    assert noted(before + items(b"hvc1", wide=wide) + places(version, 8, len(WORDS))) == []


def test_an_item_is_found_by_its_place_in_the_box_beside():
    assert noted(items() + places(1, 0, len(WORDS), method=1) + box(b"idat", WORDS)) == [("EXIF", b"words of EXIF")]
    assert noted(items() + places(1, 0, len(WORDS), method=2) + box(b"idat", WORDS)) == []


@pytest.mark.parametrize("cut", range(1, 60))
def test_what_ends_early_tells_of_no_more(cut):
    data = items() + places(2, 0, 90, count=2**32 - 1)
    assert len(noted(data[:-cut])) <= 1


def test_a_count_that_lies_takes_no_time():
    with processor_time(below=0.05):
        noted(items() + places(2, 0, 90, count=2**32 - 1))


def test_an_entry_without_anything_is_passed_over():
    assert noted(places(0, 0, 9) + box(b"iinf", bytes(6) + box(b"infe", b""))) == []
