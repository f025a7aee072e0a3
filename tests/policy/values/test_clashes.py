import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.policy.values.addresses import TcpAddress, parse_listen
from sidecar.policy.values.clashes import clash


@pytest.mark.parametrize(
    ("one", "other", "clashing"),
    [
        ("127.0.0.1:80", "127.0.0.1:80", True),
        ("127.0.0.1:80", "127.0.0.1:81", False),
        ("127.0.0.1:80", "127.0.0.2:80", False),
        ("0.0.0.0:80", "127.0.0.1:80", True),
        ("[::]:80", "127.0.0.1:80", True),
        ("localhost:80", "127.0.0.1:80", True),
        ("127.0.0.1:0", "127.0.0.1:0", False),
        ("unix:///a", "unix:///a", True),
        ("unix:///a", "unix:///b", False),
        ("unix:///a", "127.0.0.1:80", False),
    ],
)
def test_which_addresses_cannot_be_had_together(one, other, clashing):
    assert clash(parse_listen(one), parse_listen(other)) is clashing
    assert clash(parse_listen(other), parse_listen(one)) is clashing


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0X7F.0.0.1", "0177.1", "017700000001",
        "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:127.0.0.1]",
        "localhost", "LocalHost", "localhost.localdomain", "ip6-localhost", "app.localhost",
        "0.0.0.0", "0", "0x0", "[::]", "[0:0:0:0:0:0:0:0]", "[::ffff:0.0.0.0]",
    ],
)  # fmt: skip
def test_a_loopback_or_wildcard_address_is_itself_however_it_is_written(host):
    for other in ("127.0.0.1", "0.0.0.0", "localhost"):
        assert clash(parse_listen(f"{host}:80"), parse_listen(f"{other}:80"))
        assert not clash(parse_listen(f"{host}:80"), parse_listen(f"{other}:81"))


@pytest.mark.parametrize("host", ["[::1]", "[0:0:0:0:0:0:0:1]", "[0::1]", "localhost", "[::]"])
def test_the_loopback_address_of_ipv6_too(host):
    assert clash(parse_listen(f"{host}:80"), parse_listen("[::1]:80"))


@pytest.mark.parametrize(
    "host",
    ["[::1]", "127.0.0.2", "10.0.0.1", "app", "localhost-2", "127.0.0.1.5", "127.0.0.256", "0x", "08.1", "[::2]"],
)
def test_another_host_is_another_address(host):
    assert not clash(parse_listen(f"{host}:80"), parse_listen("127.0.0.1:80"))


@pytest.mark.parametrize("path", ["/run/a", "/run//a", "/run/./a", "/run/x/../a"])
def test_a_socket_is_itself_however_its_path_is_written(path):
    assert clash(parse_listen(f"unix://{path}"), parse_listen("unix:///run/a"))
    assert not clash(parse_listen(f"unix://{path}"), parse_listen("unix:///run/b"))


@given(st.from_regex(r"[0-9a-fx.:]{1,60}", fullmatch=True))
def test_whatever_a_host_is_it_clashes_with_itself(host):
    assert clash(TcpAddress(host, 80), TcpAddress(host, 80))
