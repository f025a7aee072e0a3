"""Fields of tar headers, read as lenient readers read them and as all do."""

import tarfile

import pytest

from sidecar.inspection.formats.containers.tar_fields import could_be_header, is_read_alike, looks_like_tar, size_of
from tests.inspection.samples import tar

HEADER = tar()[:512]
CHECKSUM = sum(HEADER[:148]) + 8 * 32 + sum(HEADER[156:])


def with_checksum(field: bytes) -> bytes:
    return HEADER[:148] + field.ljust(8, b"\0")[:8] + HEADER[156:]


@pytest.mark.parametrize(
    "field", [b"%06o\0 ", b"%07o\0", b" %06o ", b"%06o", b"  %05o", b"%05o\0xy", b"%05o xy"], ids=repr
)
def test_a_checksum_is_read_up_to_the_first_blank_or_nul(field):
    header = with_checksum(field % CHECKSUM)
    assert looks_like_tar(header)
    assert could_be_header(header)


def test_python_opens_what_has_junk_behind_the_checksum():
    assert tarfile.TarInfo.frombuf(with_checksum(b"%05o\0xy" % CHECKSUM), "utf-8", "strict").name == "notes.txt"


@pytest.mark.parametrize("field", [b"%06o\0 " % (CHECKSUM + 1), b"12x", b"-1", b"8", b"", b"\xff" * 8], ids=repr)
def test_any_other_is_none(field):
    assert not looks_like_tar(with_checksum(field))


@pytest.mark.parametrize("data", [b"", HEADER[:-1], bytes(512), b"\x89PNG\r\n\x1a\n" + bytes(600)], ids=len)
def test_what_is_no_header_is_none(data):
    assert not looks_like_tar(data)


@pytest.mark.parametrize("field", [b"%06o\0 ", b"%07o\0", b" %06o ", b"%06o", b"  %05o"], ids=repr)
def test_all_read_a_checksum_that_is_nothing_but_digits_and_blanks(field):
    assert is_read_alike(with_checksum(field % CHECKSUM))


@pytest.mark.parametrize("field", [b"%05o\0xy", b"%05o xy", b"%08o", b"\0%05o\0", b"\t%05o\0"], ids=repr)
def test_not_all_read_any_other(field):
    assert not is_read_alike(with_checksum(field % CHECKSUM))


@pytest.mark.parametrize("field", [b"%05o!", b"0x%x", b"x%X", b"0_%05o"], ids=repr)
def test_perl_takes_more_for_a_header_than_others(field):
    assert could_be_header(with_checksum(field % CHECKSUM))


@pytest.mark.parametrize("block", [bytes(512), b"a line of a letter\n" * 27, bytes(range(256)) * 2], ids=len)
def test_but_not_what_is_none(block):
    assert not could_be_header(block)


@pytest.mark.parametrize(("field", "alike"), [
    (b"77777777777\0", True), (b"777777777777", True), (bytes(12), True),
    (b"\x80" + (8**11).to_bytes(11), True), (b"\x80" + (8**11 - 1).to_bytes(11), False),
    (b"\xff" + (8**11).to_bytes(11), False),
])  # fmt: skip
def test_all_read_a_size_as_text_and_from_8_gib_on_as_gnu_writes_it(field, alike):
    header = HEADER[:124] + field + HEADER[136:]
    total = sum(header[:148]) + 8 * 32 + sum(header[156:])
    header = header[:148] + b"%06o\0 " % total + header[156:]
    assert size_of(header) >= 0
    assert is_read_alike(header) is alike
