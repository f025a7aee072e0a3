import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.policy.values.addresses import TcpAddress, UnixAddress, parse_listen, parse_upstream


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1:8080", TcpAddress("127.0.0.1", 8080)),
        ("localhost:0", TcpAddress("localhost", 0)),
        ("0.0.0.0:65535", TcpAddress("0.0.0.0", 65535)),
        ("[::1]:8080", TcpAddress("::1", 8080)),
        ("[::ffff:127.0.0.1]:8080", TcpAddress("::ffff:127.0.0.1", 8080)),
        ("unix:///run/app.sock", UnixAddress("/run/app.sock")),
    ],
)
def test_where_to_listen(text, address):
    assert parse_listen(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "", "8080", ":8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:http",
        "::1:8080", "[::1]", "[fe80::1%eth0]:80", "a b:80", "http://127.0.0.1:80", "127.0.0.1:80/x", "127.0.0.1:80\n",
        "unix:", "unix://", "unix:///", "unix://run/app.sock", "unix:///run/", "unix:///run/a?b", "unix:///a\x00b",
        "unix:///" + "x" * 107, "host:٨٠",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused_with_its_form(text):
    with pytest.raises(ValueError, match="expected host:port"):
        parse_listen(text)


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("http://127.0.0.1:8000", TcpAddress("127.0.0.1", 8000)),
        ("http://app:8000/", TcpAddress("app", 8000)),
        ("HTTP://app.default.svc", TcpAddress("app.default.svc", 80)),
        ("http://[::1]:8000", TcpAddress("::1", 8000)),
        ("http://[::1]", TcpAddress("::1", 80)),
        ("https://app", TcpAddress("app", 443)),
        ("HTTPS://app:8443/", TcpAddress("app", 8443)),
        ("https://[::1]", TcpAddress("::1", 443)),
        ("unix:///run/app.sock", UnixAddress("/run/app.sock")),
    ],
)
def test_where_the_service_is(url, address):
    assert parse_upstream(url) == address


@pytest.mark.parametrize(
    "url",
    [
        "", "app:8000", "127.0.0.1:8000", "http://", "http:///", "http://app:0", "http://app:99999", "http://app/path",
        "http://app:80/path", "http://user@app:80", "http://app:80?x", "http://app:80#x", "ftp://app:21", "unix://x",
        "http://ap p:80", "http://app:80\r\nX: y", "https://", "https://app/path", "https://app:443#x", "wss://app",
    ],
)  # fmt: skip
def test_what_is_no_service_address_is_refused_with_its_form(url):
    with pytest.raises(ValueError, match="expected http://host:port"):
        parse_upstream(url)


@given(st.text())
def test_no_text_does_anything_but_parse_or_raise_a_value_error(text):
    for parse in (parse_listen, parse_upstream):
        for each in (text, f"http://{text}", f"unix:///{text}"):
            error = None
            try:
                assert isinstance(parse(each), TcpAddress | UnixAddress)
            except ValueError as refused:
                error = refused
            assert error is None or str(error).startswith("expected")
