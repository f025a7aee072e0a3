"""Headers of tar, read as lenient readers read them."""

import tarfile

import pytest

from sidecar.inspection.formats.containers.tar_headers import Tar, looks_like_tar
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
    assert [entry.path for entry in Tar(header + tar()[512:]).entries()] == [b"notes.txt"]


def test_python_opens_what_has_junk_behind_the_checksum():
    assert tarfile.TarInfo.frombuf(with_checksum(b"%05o\0xy" % CHECKSUM), "utf-8", "strict").name == "notes.txt"


@pytest.mark.parametrize("field", [b"%06o\0 " % (CHECKSUM + 1), b"12x", b"-1", b"8", b"", b"\xff" * 8], ids=repr)
def test_any_other_is_none(field):
    assert not looks_like_tar(with_checksum(field))


@pytest.mark.parametrize("data", [b"", HEADER[:-1], bytes(512), b"\x89PNG\r\n\x1a\n" + bytes(600)], ids=len)
def test_what_is_no_header_is_none(data):
    assert not looks_like_tar(data)
