"""Sockets bound here are listened on elsewhere, and nothing that waits in them is lost."""

import asyncio
import errno
import os
import select
import socket

import pytest
import uvloop

from sidecar.proxy.downstream.bound import INHERITED, ListenError, bind, inherited
from sidecar.proxy.downstream.listener import listen


class Hello(asyncio.Protocol):
    def connection_made(self, transport):
        transport.write(b"hello")
        transport.close()


@pytest.fixture
def two_addresses(monkeypatch):
    """A name with an address of each protocol, as `localhost` has on most machines."""

    def found(_host, port, **_given):
        return [
            (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("::1", port, 0, 0)),
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port)),
        ]

    monkeypatch.setattr(socket, "getaddrinfo", found)


async def greeted(sock, where):
    with sock:
        sock.setblocking(False)  # noqa: FBT003 - the name of the argument is not offered
        await asyncio.get_running_loop().sock_connect(sock, where)
        return await asyncio.get_running_loop().sock_recv(sock, 10) == b"hello"


@pytest.mark.parametrize("address", ["127.0.0.1:0", "[::1]:0", "unix://{}/a.sock"])
async def test_who_connects_before_anybody_accepts_is_served(tmp_path, address):
    (sock,), bound = bind(address.format(tmp_path))
    with socket.socket(sock.family) as early:
        early.connect(sock.getsockname())
        assert not bound.endswith(":0")
        listener = await listen(Hello, f"{INHERITED}{sock.detach()}")
        early.setblocking(False)  # noqa: FBT003 - the name of the argument is not offered
        assert await asyncio.get_running_loop().sock_recv(early, 10) == b"hello"
        listener.close()


@pytest.mark.parametrize("handed", [False, True], ids=["one process", "workers"])
async def test_a_name_with_two_addresses_is_listened_on_at_both_and_at_one_port(two_addresses, handed):
    address = "localhost:0"
    if handed:
        sockets, bound = bind(address)
        address = inherited(sockets)
        for sock in sockets:
            sock.detach()
    listener = await listen(Hello, address)
    port = int((bound if handed else listener.address).rpartition(":")[2])
    assert await greeted(socket.socket(socket.AF_INET6), ("::1", port))
    assert await greeted(socket.socket(), ("127.0.0.1", port))
    listener.close()


@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
def test_a_unix_socket_can_be_connected_to_when_one_of_those_who_listen_on_it_has_ended(tmp_path, loop):
    (sock,), bound = bind(f"unix://{tmp_path}/a.sock")

    async def promise():
        listener = await listen(Hello, f"{INHERITED}{os.dup(sock.fileno())}")
        await listener.drain()

    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(promise())
    with sock, socket.socket(socket.AF_UNIX) as client:
        client.connect(bound.removeprefix("unix://"))


async def test_as_many_wait_where_a_socket_was_inherited():
    (sock,), bound = bind("127.0.0.1:0")
    listener = await listen(Hello, f"{INHERITED}{sock.detach()}")
    where, clients = ("127.0.0.1", int(bound.rpartition(":")[2])), [socket.socket() for _ in range(200)]
    for client in clients:  # nobody is accepted meanwhile, as the loop waits for this test
        client.setblocking(False)  # noqa: FBT003 - the name of the argument is not offered
        client.connect_ex(where)
    waiting = select.poll()
    for client in clients:
        waiting.register(client, select.POLLOUT)
    connected = {number for number, event in waiting.poll(0) if event == select.POLLOUT}
    for client in clients:
        client.close()
    listener.close()
    assert len(connected) == len(clients)


def test_an_address_that_the_machine_lacks_is_left_out_where_it_has_another(two_addresses, monkeypatch):
    real = socket.socket

    def without_ipv6(family=socket.AF_INET, *rest, **more):
        if family == socket.AF_INET6:
            raise OSError(errno.EAFNOSUPPORT, os.strerror(errno.EAFNOSUPPORT))
        return real(family, *rest, **more)

    monkeypatch.setattr("sidecar.proxy.downstream.bound.socket.socket", without_ipv6)
    (sock,), _ = bind("localhost:0")
    with sock:
        assert sock.getsockname()[0] == "127.0.0.1"


def test_an_address_that_a_name_has_twice_is_listened_on_once(monkeypatch):
    found = socket.getaddrinfo("127.0.0.1", 0, type=socket.SOCK_STREAM)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found * 2)
    (sock,), _ = bind("localhost:0")
    sock.close()


def test_a_name_of_which_the_machine_has_no_address_is_refused():
    with pytest.raises(ListenError, match=r"cannot listen on 192\.0\.2\.1:0"):
        bind("192.0.2.1:0")


def test_an_address_that_is_taken_is_named(two_addresses):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ListenError, match=f"cannot listen on localhost:{port}"):
            bind(f"localhost:{port}")
        with socket.socket(socket.AF_INET6) as six:
            six.bind(("::1", port))  # nothing is left behind at the other address
