"""`content_type_allowed` lets in what the policy lists, judged by content."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.inspection.types.content import HEAD_SIZE
from sidecar.inspection.types.kinds import KINDS
from sidecar.policy.settings.model import Files, Policy
from tests.inspection import playlists
from tests.inspection import samples as s
from tests.inspection.judging import codes, make, on_content, part_of

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
REFUSED = ["content_type_not_allowed"]


def judged(identify, types, name, data, declared=None):
    head = data[:HEAD_SIZE]
    check = make("content_type_allowed", policy=Policy(files=Files(types=tuple(types.split()))))
    return codes(on_content(check, part_of(name, declared), identify(head) if head else "", head))


ALLOWED = [
    ("image/png", "a.png", s.png()), ("image/png", "whatever", s.png()), ("image/*", "a.jpg", s.jpeg()),
    ("image/png image/jpeg", "a.jpg", s.jpeg()), ("*/*", "a", s.exe()), ("*/*", "a.html", s.HTML),
    ("*/*", "a.png", b""),
    ("application/zip", "a.zip", s.zipped(("a", b"x"))), ("application/zip", "a.docx", s.ooxml("word")),
    (WORD, "a.docx", s.ooxml("word")), (WORD, "a.docx", s.zipped(("_rels/.rels", b"x" * 9000), stored=True)),
    ("application/vnd.oasis.opendocument.text", "a.odt", s.open_document("text")),
    ("application/msword", "a.doc", s.ole() + bytes(9000)), ("application/vnd.ms-excel", "a.xls", s.ole("Workbook")),
    ("text/plain", "a.txt", b"words\n"), ("text/plain", "a.csv", b"a,b\n1,2\n"), ("text/plain", "a.json", b'{"a": 1}'),
    ("text/plain", "a.c", b"#include <stdio.h>\nint main(void){}\n"), ("text/plain", "a.txt", b""),
    ("text/plain", "a.log", b"2024 ERROR <html> in the middle\n"), ("text/*", "a.json", b'{"a": 1}'),
    ("text/csv", "a.csv", b"a,b\n1,2\n3,4\n"), ("text/csv", "a.csv", b"just one line\n"),
    ("text/csv", "a.csv", b'id;text\n1;"<a href=x>"\n2;y\n'), ("text/markdown", "a.md", b"# Title\n"),
    ("application/json", "a.json", b"42"), ("application/xml", "a.xml", b"<a><b/></a>"),
    ("text/xml", "a", b"<?xml version='1.0'?><a/>"),
    ("text/html", "a.html", s.HTML), ("text/html", "a", s.HTML), ("image/svg+xml", "a.svg", s.svg()),
    ("image/svg+xml", "a.svg", s.svg_with_prolog()), ("audio/mpeg", "a.mp3", s.mp3_tagged()),
    ("audio/mpeg", "a.mp3", bytes(417) + s.mp3_bare()), ("image/heic", "a.heic", s.iso_media(b"zzzz", b"mif1")),
    ("audio/mp4", "a.m4a", s.iso_media(b"mp42", b"isom")),
    ("audio/*", "a.m4a", s.iso_media(b"mp42")), ("audio/webm", "voice.weba", s.matroska(b"webm")),
    ("video/mp4", "a.mp4", s.iso_media(b"isom")), ("audio/wav", "a.wav", s.wav()),
    ("image/heic", "a.heic", s.iso_media(b"heic")),
    ("application/gzip", "a.tgz", s.gzipped()), ("application/x-rar-compressed", "a.rar", s.rar()),
    ("application/pdf", "a.pdf", s.pdf()), ("application/octet-stream", "a.dat", b"\x81\x92\xa3\0" * 50),
    ("application/x-dosexec", "a", s.exe()), ("application/vnd.microsoft.portable-executable", "a", s.exe()),
]  # fmt: skip
NOT_ALLOWED = [
    ("image/png", "a.png", s.jpeg()), ("image/png", "a.png", s.HTML), ("image/png", "a.png", s.PHP),
    ("image/png", "a.png", b""), ("image/png image/jpeg", "a.gif", s.gif()), ("image/*", "a.pdf", s.pdf()),
    ("image/*", "a.svg", s.svg()), ("image/*", "a.png", s.svg()), ("text/*", "a.html", s.HTML),
    ("text/*", "a.txt", s.PHP),
    ("text/plain", "a.txt", s.HTML), ("text/plain", "a.txt", s.SHELL), ("text/plain", "a.png", s.png()),
    ("text/plain", "a.txt", bytes(range(256))), ("text/plain", "a.txt", s.pdf()), ("text/plain", "a.txt", s.exe()),
    ("text/xml", "a.xml", s.svg()), ("text/csv", "a.txt", b"just words\n"), ("text/csv", "a.csv", s.PHP),
    ("application/*", "a.exe", s.exe()), ("application/zip", "a.zip", s.rar()), (WORD, "a.zip", s.zipped(("a", b"x"))),
    (WORD, "a.docx", s.pdf()), (WORD, "a.docx", s.ooxml("xl")), (WORD, "a.xlsx", s.ooxml("xl")),
    (WORD, "a.docx", s.ole()), ("application/pdf", "a.pdf", s.png()), ("application/pdf", "a.pdf", b"x"),
    ("audio/mpeg", "a.mp3", s.exe()), ("audio/mpeg", "a.mp3", s.HTML), ("audio/mp4", "a.mp4", s.iso_media(b"isom")),
    ("image/heic", "a.heic", s.PHP), ("text/html", "a.png", s.png()), ("application/octet-stream", "a.dat", s.exe()),
]  # fmt: skip


@pytest.mark.parametrize(("types", "name", "data"), ALLOWED, ids=lambda value: str(value)[:30])
def test_what_is_listed_is_let_in(identify, types, name, data):
    assert judged(identify, types, name, data) == []


@pytest.mark.parametrize(("types", "name", "data"), NOT_ALLOWED, ids=lambda value: str(value)[:30])
def test_what_is_not_listed_is_refused(identify, types, name, data):
    assert judged(identify, types, name, data) == REFUSED


BINARIES = {
    "pickle": s.pickle(), "help": b"ITSF\3\0\0\0" + bytes(100), "disk": b"conectix\0\0\0\2" + bytes(500),
    "registry": b"regf" + b"\1\0\0\0" * 30, "zoo": b"ZOO 2.10 Archive.\x1a\0\0\xdc\xa7\xc4\xfd" + bytes(60),
    "dex": b"dex\n035\0" + b"\x81\x92\xa3" * 40, "noise": random.Random(1).randbytes(500), "zeros": bytes(5000),
    **{name: playlists.film_behind(text) for name, text in playlists.PLAYLISTS.items()},
    "playlist-behind-tag": playlists.behind_tag(playlists.film_behind(playlists.PLAYLISTS["hls"])),
}  # fmt: skip
CALLED = [kind for kind in KINDS if kind.begins is not None and kind.suffixes]


@pytest.mark.parametrize("kind", CALLED, ids=lambda kind: kind.title)
@pytest.mark.parametrize("data", BINARIES.values(), ids=BINARIES)
def test_neither_a_suffix_nor_a_declared_type_lets_in_what_nobody_knows(identify, kind, data):
    if kind.type == "application/x-tar" and not any(data):
        pytest.skip("an empty tar is zeros")
    types, declared = " ".join(kind.types), kind.type.encode()
    assert judged(identify, types, f"a.{min(kind.suffixes)}", data, declared) == REFUSED
    assert judged(identify, types, "model.pkl", data, declared) == REFUSED
    assert judged(identify, types, "", data, declared) == REFUSED


TEXTS = {
    "playlist": b"#EXTM3U\n#EXTINF:1,\n/srv/other.ts\n", "list": b"ffconcat version 1.0\nfile other.ts\n",
    "session": b"v=0\no=- 0 0 IN IP4 127.0.0.1\n", "xml": b"<?xml version='1.0'?><MPD/>", "words": b"just words\n",
    "bell": b"#EXTM3U\n\a/srv/other.ts\n", "bell-in-xml": b"<?xml version='1.0'?><a>\a</a>",
    "utf-16": "#EXTM3U\nother".encode("utf-16"), "source": b"import os\nos.system('id')\n",
}  # fmt: skip
NO_TEXT = [kind for kind in KINDS if not kind.text]


@pytest.mark.parametrize("data", TEXTS.values(), ids=TEXTS)
def test_text_is_let_in_as_text_whatever_it_is_called(identify, data):
    for kind in NO_TEXT:
        types, declared = " ".join(kind.types), kind.type.encode()
        for suffix in ("txt", "ts", *kind.suffixes):
            assert judged(identify, types, f"a.{suffix}", data, declared) == REFUSED, (kind.title, suffix)
        assert judged(identify, f"text/plain text/xml {types}", "a", data, declared) == []


@pytest.mark.parametrize("called", ["a", "a.ts", "a.mts", "a.m2ts"])
@pytest.mark.parametrize("time", [b"", b"\0\x12\x34\x56"])
def test_a_transport_stream_is_film(identify, called, time):
    assert judged(identify, "video/mpeg video/mp2t", called, s.transport_stream(time), b"video/mp2t") == []


@pytest.mark.parametrize("declared", [b"image/png", b"*/*", b"image/*", None, b"\xff"])
def test_a_declared_type_alone_lets_nothing_in(identify, declared):
    assert judged(identify, "image/png", "blob", s.HTML, declared) == REFUSED
    assert judged(identify, "image/png", "blob", s.jpeg(), declared) == REFUSED


def test_a_declared_type_tells_a_docx_from_a_zip(identify):
    vague = s.zipped(("_rels/.rels", b"x" * 9000), stored=True)
    assert judged(identify, WORD, "blob", vague, WORD.encode()) == []
    assert judged(identify, WORD, "blob", vague) == REFUSED


@pytest.mark.parametrize("called", ["image/jpg", "image/pjpeg", "IMAGE/JPEG", "image/jpeg; q=1"])
def test_all_names_of_a_type_are_one(called):
    assert judged(lambda _: called, "image/jpeg", "a", s.jpeg()) == []


def test_a_policy_that_lists_nothing_lets_nothing_in():
    check = make("content_type_allowed", policy=Policy(files=Files(types=())))
    (finding,) = on_content(check, part_of("a.txt"), "text/plain", b"words")
    assert finding.expected == "no file at all"


def test_the_finding_tells_what_is_accepted_and_what_was_found(identify):
    policy = Policy(files=Files(types=tuple(f"image/x{number}" for number in range(20))))
    (finding,) = on_content(make("content_type_allowed", policy=policy), part_of("a", name=b"x"), "image/png", s.png())
    assert finding.actual == "image/png"
    assert finding.expected.startswith("one of: image/x0, image/x1,")
    assert finding.expected.endswith("image/x11, ...")
    assert finding.reason.status == 415


def test_what_libmagic_could_not_tell_is_left_to_the_inspector():
    check = make("content_type_allowed", policy=Policy(files=Files(types=("image/png",))))
    assert on_content(check, part_of("a.png"), "", s.PHP) == []


@given(st.binary(max_size=40), st.binary(max_size=40), st.binary(max_size=300), st.text(max_size=30))
def test_no_file_makes_it_raise(name, declared, head, content_type):
    check = make("content_type_allowed", policy=Policy(files=Files(types=("image/*", "text/plain"))))
    assert len(on_content(check, part_of(name, declared), content_type, head)) <= 1
