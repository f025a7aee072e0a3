"""What is told of a file."""

from sidecar.inspection.file import File, FileRecord, record_of
from sidecar.multipart.events import Part


def test_a_record_holds_what_lasts():
    file = File(Part(0, b"avatar", "ü.png".encode(), b"image/png"), b"head", "image/png", 4, "abc")
    assert record_of(file) == FileRecord("avatar", "ü.png", "image/png", "image/png", 4, "abc")


def test_bytes_that_are_no_text_do_not_raise():
    record = record_of(File(Part(0, b"\xff", b"\xfe.png", b"\xfd")))
    assert (record.field, record.filename, record.declared_type) == ("\\xff", "\\xfe.png", "ý")


def test_what_is_missing_is_empty():
    assert record_of(File(Part(0, b"f", None, None))) == FileRecord("f", "", "", "", 0, "")
