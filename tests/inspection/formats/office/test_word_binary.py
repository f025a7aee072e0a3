"""Codes of fields and names of templates in documents of Word before 2007, and what it may cost to read them."""

import struct

import pytest

from sidecar.inspection.formats.bounds import TooMuchError
from sidecar.inspection.formats.office.word_binary import codes, templates
from tests.inspection.ole_files import word

_IN_BYTES = 0x40000000 | 2 * 1024


def streams(*pieces, template=""):
    document, table = word(*pieces, template=template).values()
    return document, [table]


def test_a_code_is_put_together_from_pieces_that_lie_anywhere_in_either_encoding():
    assert "INCLUDETEXT “a” Жb" in codes(*streams("x\x13INCLU", "DETEXT “a” Ж", "b", "\x14result\x15"))


def test_a_code_is_found_where_no_table_tells_of_text():
    for code in (b"\x13 LINK a b\x14", "\x13 LINK a b\x14".encode("utf-16-le")):
        assert list(codes(bytes(99) + code, [])) == [" LINK a b"]


def test_the_template_is_the_second_string():
    assert list(templates(*streams("x", template="C:\\a.dot"))) == ["C:\\a.dot"]


@pytest.mark.parametrize("table", [b"", b"\1" * 4096, b"\2" + b"\xff" * 4096, b"\xff" * 4096])
def test_a_table_that_says_nothing_sensible_tells_nothing(table):
    document, _ = streams("\x13 x", "y")
    assert list(codes(document, [table])) in ([], [""])
    assert [name.strip("\uffff") for name in templates(document, [table])] in ([], [""])


def test_pieces_that_share_their_bytes_are_not_read_forever():
    count, document = 3000, bytearray(streams("x" * 900)[0])
    places = (
        struct.pack(f"<{count + 1}L", *range(0, 900 * count + 1, 900)) + struct.pack("<HLH", 0, _IN_BYTES, 0) * count
    )
    table = b"\2" + struct.pack("<L", len(places)) + places
    struct.pack_into("<2L", document, 0x1A2, 0, len(table))
    with pytest.raises(TooMuchError):
        list(codes(bytes(document), [table]))


def test_no_more_fields_are_read_than_an_honest_document_has():
    with pytest.raises(TooMuchError):
        list(codes(*streams("\x13" * 300_001)))
