"""Base64 and data URIs, whole and cut everywhere."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.multipart.rules import MalformedError
from sidecar.proxy.shapes.base64_text import Base64Text


def read(text, cut):
    reader = Base64Text()
    data = b"".join(reader.feed(text[at : at + cut]) for at in range(0, len(text), cut)) + reader.close()
    return reader, data


@given(
    data=st.binary(max_size=100),
    cut=st.integers(1, 20),
    url_safe=st.booleans(),
    padded=st.booleans(),
    uri=st.booleans(),
)
def test_what_was_encoded_comes_out_however_it_is_cut(data, cut, url_safe, padded, uri):
    text = (base64.urlsafe_b64encode if url_safe else base64.b64encode)(data).decode()
    text = text if padded else text.rstrip("=")
    assert read("data:image/png;base64," + text if uri else text, cut)[1] == data


@pytest.mark.parametrize("cut", [1, 3, 1000, 10_000])
@pytest.mark.parametrize(
    "text",
    [
        "a", "a===", "aG k=", "aGk=aGk=", "aGk==", "=", "aG=k", "+_+_", "++++----", "aGk\u00e9", "https://a/b.png",
        "data:", "data:image/png", "data:image/png,abc", "data:,abc", "data:image/png;base64;x,aGk=",
        "data:png;base64,aGk=", "data:" + "x" * 2000,
        f"data:image/{'x' * 100};{'x' * 1000};base64,aGk=", "\ufeffaGk=", "%61Gk=",
        "data:image/png;name=a.png;name=b.php;base64,aGk=", "data:image/png;file=b.php;name=a.png;base64,aGk=",
        "data:image/png;name*=utf-8''b.php;name=a.png;base64,aGk=", "data:image/png;name*=b.php;base64,aGk=",
        'data:image/png;name="a;b.php";base64,aGk=',
    ],
)  # fmt: skip
def test_what_decoders_read_differently_is_refused(text, cut):
    with pytest.raises(MalformedError):
        read(text, cut)


@pytest.mark.parametrize("cut", [1, 4, 1000])
@pytest.mark.parametrize(
    ("text", "data", "media_type", "filename"),
    [
        ("", b"", None, None),
        ("aGk=", b"hi", None, None),
        ("aGk", b"hi", None, None),
        ("aG\r\nk=\r\n", b"hi", None, None),
        ("data", b"u\xabZ", None, None),
        ("data:;base64,aGk=", b"hi", None, None),
        ("DATA:Image/PNG;BASE64,aGk=", b"hi", b"Image/PNG", None),
        ("data:image/png;charset=utf-8;name=my%20a.png;base64,aGk=", b"hi", b"image/png", b"my a.png"),
        ("data:image/png;name=a.png;filename=a.png;base64,aGk=", b"hi", b"image/png", b"a.png"),
        ('data:image/png; name = "a.png" ;base64,aGk=', b"hi", b"image/png", b"a.png"),
        ("data:image/png;file=a.png;base64,aGk=", b"hi", b"image/png", b"a.png"),
        ("data:image/png;name*=UTF-8''%C3%A4.png;base64,aGk=", b"hi", b"image/png", "ä.png".encode()),
        ("data:image/png;name=\ud800;base64,aGk=", b"hi", b"image/png", b"\xed\xa0\x80"),
        ("data:image/png;name=;base64,aGk=", b"hi", b"image/png", None),
    ],
)
def test_common_forms_are_read(text, data, media_type, filename, cut):
    reader, found = read(text, cut)
    assert (found, reader.media_type, reader.filename) == (data, media_type, filename)
