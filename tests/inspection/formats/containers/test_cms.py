"""Signed files are read in every encoding that their readers take, within bounds, and to their very end."""

import pytest

from sidecar.inspection.formats.anatomy import DamagedError
from sidecar.inspection.formats.containers.ber import Walk
from sidecar.inspection.formats.containers.cms import armoured, begins_sealed, content, is_content, sealed_in
from sidecar.inspection.formats.containers.unpacking import STEP
from tests.corpus.files import signed as s
from tests.pace import processor_time

TEXT = bytes(range(256)) * 40
FORMS = {"whole": s.whole(TEXT), "streamed": s.streamed(TEXT), "stamped": s.stamped(TEXT, b"a.txt")}


@pytest.mark.parametrize("data", FORMS.values(), ids=FORMS)
def test_what_was_signed_comes_out_and_the_end_is_known(data):
    sealed = sealed_in(data + b"behind")
    assert b"".join(content(data, sealed)) == TEXT
    assert sealed.end == len(data)


@pytest.mark.parametrize("data", FORMS.values(), ids=FORMS)
def test_one_that_is_cut_anywhere_is_damaged(data):
    for size in range(0, len(data), 7):
        with pytest.raises(DamagedError):
            sealed_in(data[:size])


def test_a_signature_that_is_kept_apart_holds_nothing():
    assert sealed_in(s.signed(None)).stop == 0


def test_a_time_stamp_tells_the_name():
    assert sealed_in(FORMS["stamped"]).name == b"a.txt"


def test_what_is_no_octet_string_comes_out_as_it_stands():
    value = s.der(0x30, s.der(6, s.SHA256))
    data = s.signed(value)
    assert b"".join(content(data, sealed_in(data))) == value


def test_small_pieces_come_out_in_large_ones():
    data = s.signed(s.cut(bytes(3 * STEP), 9), make=s.open_)
    assert len(next(content(data, sealed_in(data)))) >= STEP


def test_nothing_but_what_was_signed_is_content():
    data = s.streamed(TEXT)
    at = data.find(TEXT[:90])
    assert is_content(data, at)
    assert is_content(data, at + 2000)
    assert not any(is_content(data, each) for each in (-1, 0, at - 9, len(data) - 1))
    assert not is_content(data[:-1], at)


@pytest.mark.parametrize("data", FORMS.values(), ids=FORMS)
def test_one_is_known_by_its_first_bytes_and_by_the_letters_that_write_them(data):
    assert begins_sealed(data)
    assert not begins_sealed(data[1:])
    text = s.pem(data)
    for written in (text, text.partition(b"\n")[2], b"\xef\xbb\xbf\n" + text, b"a\n" + text):
        assert armoured(written) >= 0
    assert armoured(b"M" * 99) == armoured(b"") == armoured(s.pem(b"\x30\x80" + bytes(99))) == -1


@pytest.mark.parametrize(
    "data", [b"\x24\x80" * 4_000_000, b"\4\0" * 4_000_000, b"\x24\x80\0\0" * 2_000_000], ids=["deep", "flat", "both"]
)
def test_hostile_nesting_ends_soon(data):
    with processor_time(below=5):
        for make in (s.der, s.open_):
            with pytest.raises(DamagedError):
                sealed_in(s.signed(s.open_(0x24, data), make=make))
        with pytest.raises(DamagedError):
            list(Walk(s.open_(0x24, data)).octets())


def test_a_length_beyond_what_holds_it_is_damaged():
    for lie in (b"\4\x82\xff\xff", b"\4\x88" + b"\xff" * 8, b"\4\x89" + bytes(9), b"\4\x80", b"\x1f\x81\1\0"):
        with pytest.raises(DamagedError):
            sealed_in(s.signed(lie))
