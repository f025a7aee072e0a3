"""The canonical body, byte for byte."""

import secrets

import pytest

from sidecar.multipart.content_type import form_type
from sidecar.multipart.encoder import Encoder, content_type, fresh_boundary
from sidecar.multipart.events import BodyEnd, Part, PartBegin, PartData, PartEnd, SmallField
from tests.multipart.reading import body_of, encoded, field_part, whole

FIELD = Part(0, b"f", None, None)
FILE = Part(1, b"g", b"a.txt", b"text/plain")


def encode(*events, boundary=b"BB"):
    encoder = Encoder(boundary)
    return b"".join(encoder.encode(events))


def test_whole_body_is_written_as_specified():
    body = encode(PartBegin(FIELD), PartData(b"v"), PartEnd(FIELD, 1), PartBegin(FILE), PartEnd(FILE, 0), BodyEnd(2))
    assert body == (
        b'--BB\r\nContent-Disposition: form-data; name="f"\r\n\r\nv'
        b'\r\n--BB\r\nContent-Disposition: form-data; name="g"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\n'
        b"\r\n--BB--\r\n"
    )


@pytest.mark.parametrize("data", [b"", b"v"])
def test_a_field_is_written_alike_whether_it_is_told_of_at_once(data):
    behind = [PartBegin(FILE), PartEnd(FILE, 0), BodyEnd(2)]
    in_pieces, at_once = Encoder(b"BB"), Encoder(b"BB")
    written = in_pieces.encode([PartBegin(FIELD), PartData(data), PartEnd(FIELD, len(data)), *behind])
    assert b"".join(at_once.encode([SmallField(FIELD, data), *behind])) == b"".join(written)
    assert at_once.places == in_pieces.places


def test_it_tells_where_in_the_body_the_bytes_of_each_file_begin():
    encoder, last = Encoder(b"BB"), Part(2, b"h", b"b.txt", None)
    first = encoder.encode([PartBegin(FIELD), PartData(b"v"), PartEnd(FIELD, 1), PartBegin(FILE), PartData(b"12")])
    rest = encoder.encode([PartData(b"34"), PartEnd(FILE, 4), PartBegin(last), PartData(b"5"), PartEnd(last, 1)])
    body = b"".join((*first, *rest))
    assert list(encoder.places) == [1, 2]
    assert [body[encoder.places[1] :][:4], body[encoder.places[2] :]] == [b"1234", b"5"]


def test_body_without_parts_is_a_close_delimiter():
    assert encode(BodyEnd(0)) == b"--BB--\r\n"


@pytest.mark.parametrize(
    ("part", "line"),
    [
        (FIELD, None),
        (Part(0, b"f", None, b"application/json"), b"application/json"),
        (Part(0, b"f", b"a", None), b"application/octet-stream"),
        (Part(0, b"f", b"", None), b"application/octet-stream"),
        (Part(0, b"f", b"a", b"image/png"), b"image/png"),
    ],
)
def test_type_is_kept_and_only_files_get_one(part, line):
    head = encode(PartBegin(part))
    assert (b"\r\nContent-Type: %b\r\n\r\n" % line in head) if line else (b"Content-Type" not in head)


def test_names_are_written_as_the_bytes_that_were_read():
    body = body_of(field_part('a%22"'.replace('"', "").encode() + "写".encode()))
    assert encoded(whole(body)) == body


def test_data_is_passed_on_without_a_copy():
    view = memoryview(b"data")
    assert Encoder(b"BB").encode([PartData(view)])[0] is view


def test_canonical_body_of_a_browser_is_its_own():
    body = body_of(
        field_part(),
        b'Content-Disposition: form-data; name="g"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n',
        b'Content-Disposition: form-data; name="h"; filename=""\r\nContent-Type: application/octet-stream\r\n\r\n',
    )
    assert encoded(whole(body)) == body


@pytest.mark.parametrize(("length", "expected"), [(1, 32), (31, 32), (32, 32), (38, 38), (70, 70), (99, 70)])
def test_fresh_boundary_is_as_long_as_the_clients_but_never_guessable(length, expected):
    boundary = fresh_boundary(secrets.token_bytes, length)
    assert len(boundary) == expected
    assert boundary.isalnum()
    assert boundary != fresh_boundary(secrets.token_bytes, length)


def test_fresh_boundary_uses_every_character():
    assert len(set(fresh_boundary(lambda size: bytes(range(size)), 70))) == 62


@pytest.mark.parametrize("utf8", [True, False])
def test_content_type_is_read_as_it_was_meant(utf8):
    boundary = fresh_boundary(secrets.token_bytes, 40)
    value = content_type(boundary, utf8)
    assert form_type([value]) == (boundary, utf8)
