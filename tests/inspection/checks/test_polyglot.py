"""`polyglot` finds a second format where its readers would, and is quiet on files that hold files."""

import random

import pytest

from tests.corpus.files import image_samples as i
from tests.corpus.files import polyglots as p
from tests.inspection import playlists
from tests.inspection import samples as s
from tests.inspection.checks.examining import found, judged
from tests.pace import processor_time

TWO = ["polyglot"]


@pytest.mark.parametrize("playlist", playlists.PLAYLISTS.values(), ids=playlists.PLAYLISTS)
def test_a_playlist_in_sound_or_film_is_found_where_converters_look(playlist):
    for size in (0, 10, 5000, 600_000):
        for footer in (True, False):
            tagged = playlists.behind_tag(playlist, size, footer=footer)
            assert found("polyglot", "application/octet-stream", tagged, called="a.mp3") == TWO
    assert found("polyglot", "audio/x-mod", playlist + b"#\0" + bytes(900)) == TWO
    assert found("polyglot", "audio/mpeg", playlists.behind_tag(s.mp3_bare() + b"\n" + playlist)) == []


@pytest.mark.parametrize("comment", [0, 1, 1000, 65_535])
def test_a_zip_is_found_as_far_from_the_end_as_readers_search(comment):
    assert found("polyglot", "image/png", i.encoded("PNG") + p.archive(b"c" * comment)) == TWO


@pytest.mark.parametrize("start", [b"%PDF-", b"x" * 4095 + b"%PDF-"])
def test_a_pdf_is_found_as_far_from_the_start_as_readers_search(start):
    assert found("polyglot", "video/mp4", b"\0" + start + bytes(100)) == TWO
    assert found("polyglot", "video/mp4", bytes(4097) + b"%PDF-") == []


@pytest.mark.parametrize("signature", [b"7z\xbc\xaf\x27\x1c\0", b"Rar!\x1a\x07\0", b"Rar!\x1a\x07\1\0"])
def test_an_archive_is_found_as_far_from_the_start_as_readers_search(signature):
    def with_it_at(place):
        return found("polyglot", "image/png", i.encoded("PNG").ljust(place, b"\x90") + signature + bytes(100))

    assert with_it_at(1_500_000) == with_it_at(8 * 1024 * 1024) == TWO
    assert with_it_at(8 * 1024 * 1024 + 9) == []


@pytest.mark.parametrize("data", [b"PK\5\6" + bytes(18), b"PK\3\4" + bytes(40), b"PK\5\6" + b"\1" * 18])
def test_a_signature_alone_is_no_zip(data):
    assert found("polyglot", "image/png", i.encoded("PNG") + data) == []


def test_old_tar_without_a_signature_is_found_by_its_checksum():
    block = bytearray(p.tar_over(b"GIF89a"))
    block[257:265] = bytes(8)
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block[:512])
    assert found("polyglot", "image/gif", bytes(block)) == TWO


def test_films_can_be_left_out_but_for_their_start():
    film = i.film() + p.archive()
    assert found("polyglot", "video/mp4", film) == TWO
    assert found("polyglot", "video/mp4", film, {"films": "off"}) == []
    assert found("polyglot", "video/mp4", b"\0%PDF-1.4" + film, {"films": "off"}) == TWO


@pytest.mark.parametrize(
    "content_type", ["application/zip", "application/x-tar", "application/gzip", "application/x-mach-binary"]
)
def test_what_holds_files_is_left_to_others(content_type):
    assert found("polyglot", content_type, bytes(range(256)) * 9 + p.archive()) == []


def test_a_program_that_carries_an_archive_is_one_format():
    assert found("polyglot", "text/x-shellscript", b"#!/bin/sh\n" + p.archive()) == []


def test_what_nobody_knows_is_judged_by_what_it_says():
    data = b"\x81\x92\xa3\0" * 50 + p.archive()
    assert found("polyglot", "application/octet-stream", data, called="a.mp3") == TWO
    assert found("polyglot", "application/octet-stream", data, called="a.txt") == TWO
    assert found("polyglot", "application/octet-stream", data, called="a.doc") == TWO
    assert found("polyglot", "application/octet-stream", data + b"more", called="a.doc") == []
    assert found("polyglot", "application/octet-stream", data, called="a.zip") == []


def test_of_what_may_hold_files_only_the_very_end_is_an_archive():
    for content_type in ("application/msword", "application/vnd.sqlite3", "application/vnd.tcpdump.pcap"):
        data = bytes(range(256)) * 9 + p.archive()
        assert found("polyglot", content_type, data) == TWO
        assert found("polyglot", content_type, data + b"\0") == found("polyglot", content_type, data[:-1]) == []
        assert found("polyglot", content_type, data, {"others": "off"}) == []
    assert found("polyglot", "text/calendar", bytes(9) + p.archive(), {"others": "off"}) == TWO


def test_what_begins_as_a_zip_is_one():
    assert found("polyglot", "application/vnd.recordare.musicxml", p.archive()) == []


@pytest.mark.parametrize("archive", [p.archive(), p.archive() + b"more", s.rar(), s.seven_zip()])
def test_data_of_which_nobody_says_what_it_is_has_no_archive_near_its_beginning(archive):
    for called in ("a.dat", "a", "backup.bak"):
        for before in (1, 256, 4000):
            data = b"\x81\x92\xa3\0" * before
            assert found("polyglot", "application/octet-stream", data[:before] + archive, called=called) == TWO
    assert found("polyglot", "application/octet-stream", b"\x81\x92\xa3\0" * 2000 + archive, called="a.dat") == []


@pytest.mark.parametrize("signature", [b"PK\3\4", b"PK\3\4PK\5\6" + bytes(18), b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c"])
def test_a_signature_alone_in_such_data_is_no_archive(signature):
    data = bytes(range(256)) + signature + b"\5" * 100
    assert found("polyglot", "application/octet-stream", data, called="a.dat") == []


@pytest.mark.parametrize("seed", range(20))
def test_random_pixels_are_one_format(seed):
    assert found("polyglot", "image/png", i.encoded("PNG")[:33] + random.Random(seed).randbytes(200_000)) == []


@pytest.mark.parametrize(
    ("content_type", "data"),
    [("text/plain", b"x\n" + b"PK\5\6" * 1_000_000), ("text/plain", b"%PDF-" + b"1 " * 1_000_000),
     ("image/gif", b"GIF89a/*" + b"*/ " * 1_000_000), ("image/png", b"<" * 3_000_000),
     ("image/png", b"7z\xbc\xaf" * 500_000), ("image/png", b"<?=" * 600_000), ("image/png", b"<%" * 1_000_000),
     ("image/png", b"<?=%b" % (b"e(" * 28) * 30_000), ("image/png", b'<?="a".' * 250_000)],
)  # fmt: skip
def test_nothing_takes_long(content_type, data):
    with processor_time(below=2):
        found("polyglot", content_type, data)


def test_the_finding_names_both_formats_and_the_place():
    (finding,) = judged("polyglot", "application/pdf", s.pdf() + p.archive())
    assert finding.actual.startswith("application/pdf and ZIP archive (byte ")
