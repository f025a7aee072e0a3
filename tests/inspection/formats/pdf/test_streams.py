"""Streams of PDF are read as readers read them, or told as unread."""

import pytest

from tests.inspection.checks.examining import judged_pdf
from tests.inspection.pdf_files import JS, object_stream, pdf, stream

AMBIGUOUS = b"20 0 " + JS + b" " * 500 + b"<</A 1>>"


@pytest.mark.parametrize(
    "data",
    [
        pdf(object_stream(JS).replace(b">>\nstream", b">>" + b"%c\n" * 50 + b"stream")),
        pdf(stream(b"20 11 21 15 (a) " + JS, b"/Type /ObjStm /N 2 /First 1")),
    ],
)
def test_a_stream_of_objects_is_read_however_its_beginning_is_written(data):
    assert judged_pdf(data) == ["pdf_javascript"]


@pytest.mark.parametrize(
    "data",
    [
        pdf(object_stream(JS, entries=b"/Filter /FlateDecode /F /A85", before=b"%~\n")),
        pdf(object_stream(JS, entries=b"/Filter /FlateDecode /Filter /ASCIIHexDecode")),
        pdf(object_stream(JS, entries=b"/F /A85", before=b"%~\n")),
        pdf(stream(b"20 0 %c\n21 4 (a) " + JS, b"/Type /ObjStm /N 2 /First 13")),
        pdf(stream(AMBIGUOUS, b"/Type /ObjStm /N 1 /First 500 /First 5")),
        pdf(stream(AMBIGUOUS, b"/Type /ObjStm /N 1 /First 5 /First 500")),
        pdf(stream(AMBIGUOUS, b"/Type /ObjStm /N 0 /N 1 /First 5")),
    ],
)
def test_a_stream_of_objects_that_readers_could_read_in_two_ways_is_not_examined(data):
    assert judged_pdf(data + b" /JS ") == ["pdf_not_examined"]


def test_many_objects_that_are_packed_well_are_all_looked_at():
    element = b"<</Type/StructElem/S/P/P 9 0 R/K[1]/Pg 3 0 R/A<</O/Layout/SpaceBefore 12/TextAlign/Justify>>>>"
    data = pdf(object_stream(*[element] * 45_000, JS))
    assert len(data) < 500_000
    assert judged_pdf(data) == ["pdf_javascript"]
