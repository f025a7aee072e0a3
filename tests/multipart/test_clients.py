"""Honest clients: what real libraries send is accepted, with every name, type and byte intact."""

import asyncio

import aiohttp
import httpx
import pytest
import requests

from sidecar.multipart.content_type import form_type
from tests.multipart.reading import body_of, encoded, every, field_part, read, whole

# Names as text, what a service must see of them as bytes (WHATWG HTML escapes).
FILENAMES = {
    "a.txt": b"a.txt",
    "naïve 写真 (1).png": "naïve 写真 (1).png".encode(),
    "it's; named x.txt": b"it's; named x.txt",
    'quo"te.txt': b"quo%22te.txt",
    "100%.txt": b"100%.txt",
}
DATA = bytes(range(256)) * 9


def _httpx(filename):
    request = httpx.Request("POST", "http://x/", data={"title": "é"}, files={"f": (filename, DATA, "image/png")})
    return request.headers["content-type"], request.read()


def _requests(filename):
    request = requests.Request("POST", "http://x/", data={"title": "é"}, files={"f": (filename, DATA, "image/png")})
    prepared = request.prepare()
    return prepared.headers["content-type"], prepared.body


def _aiohttp(filename):
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("title", "é")
    form.add_field("f", DATA, filename=filename, content_type="image/png")
    payload = form()
    return payload.headers["content-type"], asyncio.run(payload.as_bytes())


@pytest.mark.parametrize("client", [_httpx, _requests, _aiohttp])
@pytest.mark.parametrize("filename", FILENAMES)
def test_form_of_a_python_client_arrives_intact(client, filename):
    content_type, body = client(filename)
    boundary = form_type([content_type.encode()]).boundary
    for size in (1, 64, len(body)):
        reading = read(every(body, size), boundary)
        assert reading.refusal is None
        (title, value), (file, data) = reading.parts
        assert (title.name, title.filename, value) == (b"title", None, "é".encode())
        assert (file.name, file.filename, file.content_type, data) == (b"f", FILENAMES[filename], b"image/png", DATA)


def _file(disposition: bytes, *others: bytes) -> bytes:
    lines = [b"Content-Disposition: form-data; " + disposition, b"Content-Type: image/png", *others]
    return b"\r\n".join(lines) + b"\r\n\r\n\x89PNG"


RECORDED = {
    "Firefox": (_file(b'name="f"; filename="a.png"'), b"a.png"),
    "Chromium with a quote": (_file(b'name="f"; filename="a%22b%0D%0A.png"'), b"a%22b%0D%0A.png"),
    "OkHttp": (_file(b'name="f"; filename="a.png"', b"Content-Length: 4"), b"a.png"),
    "Dart": (
        b'content-type: image/png\r\ncontent-disposition: form-data; name="f"; filename="a.png"\r\n\r\n\x89PNG',
        b"a.png",
    ),
    "Apache HttpClient": (_file(b'name="f"; filename="a.png"', b"Content-Transfer-Encoding: binary"), b"a.png"),
    ".NET": (_file(b"name=f; filename=a.png; filename*=utf-8''a.png"), b"a.png"),
    ".NET with another alphabet": (
        _file(b'name=f; filename="=?utf-8?B?0YQucG5n?="; filename*=utf-8\'\'%D1%84.png'),
        "ф.png".encode(),
    ),
    "old urllib3": (_file(b"name=\"f\"; filename*=utf-8''%D1%84.png"), "ф.png".encode()),
    "old curl": (_file(b'name="f"; filename="a\\"b\\".png"'), b"a%22b%22.png"),
    "Internet Explorer": (_file(b'name="f"; filename="C:\\Users\\me\\a.png"'), b"a.png"),
    "Jersey": (_file(b'filename="a.png"; modification-date="Mon, 01 Jan 2024 00:00:00"; size=4; name="f"'), b"a.png"),
    "Go": (_file(b'name="f"; filename="a.png"'), b"a.png"),
}  # fmt: skip


@pytest.mark.parametrize(("part", "filename"), RECORDED.values(), ids=RECORDED)
def test_part_of_another_client_arrives_intact(part, filename):
    reading = whole(body_of(field_part(b"title", b"x"), part))
    assert reading.refusal is None
    assert reading.content[1] == (b"f", filename, b"image/png", b"\x89PNG")
    assert whole(encoded(reading)).content == reading.content


def test_data_that_looks_like_a_form_arrives_intact():
    inner = body_of(field_part(), boundary=b"inner")
    assert whole(body_of(field_part(value=inner))).content == [(b"f", None, None, inner)]
