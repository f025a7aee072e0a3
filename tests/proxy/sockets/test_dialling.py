"""A connection is made to the first address that takes it, and the socket is prepared before."""

import asyncio
import socket

import pytest

from sidecar.proxy.sockets.dialling import dialled


@pytest.fixture
def listening():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


@pytest.fixture
def free():
    with socket.create_server(("127.0.0.1", 0)) as closing:
        return closing.getsockname()[1]


def nothing(_sock):
    pass


@pytest.fixture
def addresses(monkeypatch):
    """Lets a name have these addresses."""

    def let(*found):
        async def getaddrinfo(_host, _port, **_):
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", address) for address in found]

        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", getaddrinfo)

    return let


async def test_the_socket_is_prepared_before_it_is_connected(listening):
    prepared = []

    def prepare(sock):
        with pytest.raises(OSError, match="not connected"):
            sock.getpeername()
        prepared.append(sock)

    with await dialled("127.0.0.1", listening, prepare) as sock:
        assert prepared == [sock]
        assert sock.getpeername() == ("127.0.0.1", listening)


async def test_the_next_address_is_tried_where_one_refuses(addresses, listening, free):
    addresses(("127.0.0.1", free), ("127.0.0.1", listening))
    with await dialled("two", 0, nothing) as sock:
        assert sock.getpeername() == ("127.0.0.1", listening)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
async def test_nobody_is_asked_about_an_address(host, monkeypatch):
    if not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", None)
    with socket.create_server((host, 0), family=socket.AF_INET6 if ":" in host else socket.AF_INET) as listening:
        port = listening.getsockname()[1]
        with await dialled(host, port, nothing) as sock:
            assert sock.getpeername()[:2] == (host, port)


async def test_the_error_of_the_last_address_is_told(free):
    with pytest.raises(ConnectionRefusedError):
        await dialled("127.0.0.1", free, nothing)


async def test_a_name_without_addresses_is_an_error(addresses):
    addresses()
    with pytest.raises(OSError, match="no address"):
        await dialled("nobody", 0, nothing)


async def test_whoever_gives_up_leaves_no_socket(monkeypatch, listening):
    begun = asyncio.get_running_loop().create_future()

    async def for_ever(sock, _address):
        begun.set_result(sock)
        await asyncio.sleep(60)

    monkeypatch.setattr(asyncio.get_running_loop(), "sock_connect", for_ever)
    dialling = asyncio.ensure_future(dialled("127.0.0.1", listening, nothing))
    sock = await begun
    dialling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await dialling
    assert sock.fileno() == -1
