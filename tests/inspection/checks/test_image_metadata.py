"""`image_metadata` finds what runs wherever an image keeps words, and lets honest words be."""

import random
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.corpus.files import image_samples as i
from tests.inspection.checks.examining import found, judged
from tests.pace import processor_time

ACTIVE = ["image_metadata_active"]

OPENERS = [
    b"<?php echo 1;", b"<?PHP\n", b"<?php(1)", b"<?= `id` ?>xxxxxxxx", b"<% out.print(System.getenv()) %>",
    b"<%@ page import='x' %>", b"<%@ Page Language='C#' %>", b"<jsp:scriptlet>", b"<cfexecute name='x'>",
    b"<!--#exec cmd='id' -->", b"<script>1</script>", b"<SCRIPT src=//x>", b"<iframe src=x>", b"<!doctype html>",
    b"<html>", b"<img src=x onerror=alert(1)>", b"<svg/onload=alert(1)>", b"<a href=javascript:alert(1)>",
    b"<a href=' data:text/html,x'>",
]  # fmt: skip
HONEST = [
    b"<?xpacket begin='' id='x'?>", b"<?xml version='1.0'?>", b"<?adobe-xap-filters esc='CRLF'?>", b"a < b, 5 % > 3 %",
    b"I <3 you", b"Photo <someone@example.org>", b"<b>bold</b> and <a href='https://example.org/on=1'>link</a>",
    b"<rdf:li xml:lang='x'>once = 1</rdf:li>", b"scripts", b"<lora:x:1>", b"phpinfo", b"$_GET <? in talk"[:5],
]  # fmt: skip
PLACES = [
    lambda words: i.jpeg_with(0xFE, words), lambda words: i.jpeg_with(0xEA, words),
    lambda words: i.encoded("JPEG", exif=i.exif(comment=words)), lambda words: i.encoded("JPEG", xmp=i.XMP % words),
    lambda words: i.png_with(b"tEXt", b"Comment\0" + words),
    lambda words: i.png_with(b"zTXt", b"Comment\0\0" + zlib.compress(words * 9)),
    lambda words: i.png_with(b"iTXt", b"Comment\0\1\0en\0Note\0" + zlib.compress(words)),
    lambda words: i.encoded("PNG", exif=i.exif(comment=words)),
    lambda words: i.gif_with(0xFE, [words]), lambda words: i.gif_xmp(i.XMP % words),
    lambda words: i.encoded("WEBP", xmp=i.XMP % words), lambda words: i.encoded("WEBP", exif=i.exif(comment=words)),
    lambda words: i.tiff((0x10E, 2, len(words) + 9, b"Picture: " + words)),
    lambda words: i.tiff_settings(0x9286, b"ASCII\0\0\0" + words),
    lambda words: i.icon(i.encoded("PNG"), i.png_with(b"tEXt", b"Comment\0" + words)),
    lambda words: i.icon(i.png_with(b"zTXt", b"Comment\0\0" + zlib.compress(words))),
    lambda words: i.jpeg_xl(i.box(b"xml ", i.XMP % words)),
    lambda words: i.jpeg_xl(i.box(b"Exif", i.exif(comment=words).removeprefix(b"Exif\0\0"))),
    lambda words: i.jpeg_xl(i.box(b"Exif", bytes(4) + i.exif(comment=words).removeprefix(b"Exif\0\0"))),
    lambda words: i.encoded("AVIF", exif=i.exif(comment=words)), lambda words: i.encoded("AVIF", xmp=i.XMP % words),
    lambda words: i.psd(0x0424, i.XMP % words), lambda words: i.psd(0x0422, i.exif(comment=words)),
    lambda words: i.psd(0x0404, b"\x1c\2x" + len(words).to_bytes(2) + words),
]  # fmt: skip


@pytest.mark.parametrize("opener", OPENERS)
@pytest.mark.parametrize("place", PLACES)
def test_what_runs_is_found_in_every_place(place, opener):
    assert found("image_metadata", "image/x", place(opener + b" and more words")) == ACTIVE


@pytest.mark.parametrize("words", HONEST)
@pytest.mark.parametrize("place", PLACES)
def test_honest_words_pass_in_every_place(place, words):
    assert found("image_metadata", "image/x", place(words)) == []


def test_what_makers_keep_in_their_own_way_is_searched_like_a_table():
    assert found("image_metadata", "image/tiff", i.tiff_settings(0x927C, b"<?=<;<=>>=<;<= <% readable bytes")) == []
    assert found("image_metadata", "image/tiff", i.tiff_settings(0x927C, b"<img src=x onerror=alert(1)>")) == ACTIVE


@pytest.mark.parametrize("at", [0, 3, 8, 10, 2**31, 2**32 - 1])
def test_an_address_of_exif_that_leads_nowhere_is_no_damage(at):
    page = i.tiff((0x8769, 4, 1, at.to_bytes(4, "little")), (0x8825, 4, 2, at.to_bytes(4, "little")))
    assert found("image_structure", "image/tiff", page) == found("image_metadata", "image/tiff", page) == []


@pytest.mark.parametrize("opener", [opener for opener in OPENERS if not opener.startswith((b"<% ", b"<?= `id"))])
@pytest.mark.parametrize("zeros", [b"", b"\0"])
def test_what_runs_is_found_between_curves_and_colours(opener, zeros):
    table = bytes(range(128, 256)) + zeros.join(opener[at : at + 1] for at in range(len(opener))) + bytes(range(128))
    assert found("image_metadata", "image/jpeg", i.jpeg_with(0xE2, b"ICC_PROFILE\0\1\1" + table)) == ACTIVE
    assert found("image_metadata", "image/png", i.png_with(b"PLTE", table)) == ACTIVE


_THUMBNAIL = b"\xff\xd8\xff\xdb\0\x43\1\x0e\x0e9:;><;:;<<<?=<;<=>>==>>>>>=>>>>>?>>>?>>"
"""A table of a camera's: its neighbours are alike."""


def exif(*fields, behind=b""):
    return i.jpeg_with(0xE1, b"Exif\0\0" + i.tiff(*fields) + behind)


def test_the_tables_of_a_thumbnail_are_not_taken_for_openers():
    assert found("image_metadata", "image/jpeg", exif((0x10E, 2, 9, b"A harbour"), behind=_THUMBNAIL)) == []
    assert found("image_metadata", "image/jpeg", exif((0x927C, 7, len(_THUMBNAIL), _THUMBNAIL))) == []


@pytest.mark.parametrize("tag", [0x10E, 0x9C9B, 0x9286])
@pytest.mark.parametrize("kind", [1, 2, 7])
def test_the_same_bytes_are_found_where_text_is_kept(tag, kind):
    assert found("image_metadata", "image/jpeg", exif((tag, kind, len(_THUMBNAIL), _THUMBNAIL))) == ACTIVE


def test_code_in_a_thumbnail_is_found():
    assert found("image_metadata", "image/jpeg", exif(behind=_THUMBNAIL + b"<?= system($_GET[0]) ?>")) == ACTIVE


@pytest.mark.parametrize("start", [b"", b"II*\0", b"II*\0\xff\xff\xff\x7f", b"II*\0\x08\0\0\0\xff\xff"])
def test_exif_that_nobody_can_follow_is_searched_like_other_data(start):
    assert found("image_metadata", "image/jpeg", i.jpeg_with(0xE1, b"Exif\0\0" + start + _THUMBNAIL)) == ACTIVE


def test_fields_of_exif_that_lie_over_each_other_are_read_once():
    fields = [(0x9000 + number, 2, 60_000, b"\0\0\0\0\0") for number in range(4000)]
    with processor_time(below=1):
        data = i.png_with(b"eXIf", i.tiff(*fields) + b"<" * 900_000)
        assert found("image_metadata", "image/png", data) == []


def test_words_in_utf_16_are_read():
    words = "<script>alert(1)</script>".encode("utf-16-le")
    assert found("image_metadata", "image/jpeg", i.jpeg_with(0xE1, b"Exif\0\0" + words)) == ACTIVE


def test_random_bytes_are_not_taken_for_openers():
    state, noise = 7, bytearray()
    for _ in range(60):
        state = zlib.crc32(bytes([state & 255]) + noise[-64:], state)
        noise += zlib.compress(str(state).encode() * 40)[2:]
    assert found("image_metadata", "image/jpeg", i.jpeg_with(0xEA, bytes(noise[:60_000]))) == []


@given(st.integers(0, 10**6), st.sampled_from([b"zTXt", b"iTXt", b"iCCP"]))
def test_what_is_compressed_is_searched_as_what_it_holds(seed: int, kind: bytes):
    head = b"Key\0\1\0\0\0" if kind == b"iTXt" else b"Key\0\0"
    picture = random.Random(seed).randbytes(9000).hex().encode()  # as programs keep that of EXIF in text
    assert found("image_metadata", "image/png", i.png_with(kind, head + zlib.compress(picture))) == []


def test_random_bytes_in_place_of_compressed_text_are_not_taken_for_openers():
    noise = b"<%\x90<?\n\x90<?=\1" + random.Random(1).randbytes(60_000)
    assert found("image_metadata", "image/png", i.png_with(b"zTXt", b"Key\0\0" + noise)) == []


@pytest.mark.parametrize("kind", [b"zTXt", b"iTXt", b"iCCP"])
def test_code_in_place_of_compressed_text_is_found(kind: bytes):
    head = b"Key\0\1\0\0\0" if kind == b"iTXt" else b"Key\0\0"
    data = i.png_with(kind, head + b"<% execute(request(1)) %>")
    assert found("image_metadata", "image/png", data) == ACTIVE
    assert found("image_metadata", "image/png", i.png_with(kind, b"<%" + head)) == (ACTIVE if kind != b"iCCP" else [])


@pytest.mark.parametrize(
    "words",
    [b"<%" * 500_000, b"<" * 1_000_000, (b"<a " + b" onaaaaaaaaaaaaaaaaaaaaaaaa" * 7) * 5000,
     (b"<a" + b"href=         " * 14) * 5000, b"<? aaaaaa" * 100_000, b"<!doctype" + b" " * 900_000],
)  # fmt: skip
def test_no_words_take_long(words):
    with processor_time(below=1):
        found("image_metadata", "image/png", i.png_with(b"prVt", words))


def test_text_that_unpacks_to_too_much_is_not_examined():
    bomb = i.png_with(b"zTXt", b"a\0\0" + zlib.compress(bytes(30_000_000)))
    (finding,) = judged("image_metadata", "image/png", bomb)
    assert (finding.reason.code, finding.reason.not_examined) == ("image_metadata_not_read", True)


def test_fields_that_lie_over_each_other_are_bounded():
    fields = [(0x9000 + number, 2, 900_000, b"\0\0\0\0\0") for number in range(100)]
    data = i.tiff(*fields) + b"<" * 1_000_000
    with processor_time(below=2):
        assert found("image_metadata", "image/tiff", data) == ["image_metadata_not_read"]


def test_the_finding_names_the_place_and_shows_nothing_that_runs():
    (finding,) = judged("image_metadata", "image/jpeg", i.jpeg_with(0xFE, b"<script>alert(1)"))
    assert finding.actual.startswith("JPEG, comment: ")
    assert "<" not in finding.actual
