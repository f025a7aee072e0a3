"""A socket bound here is listened on elsewhere, and nothing that waits in it is lost."""

import asyncio
import socket

import pytest

from sidecar.proxy.downstream.bound import bind
from sidecar.proxy.downstream.listener import INHERITED, ListenError, listen


class Hello(asyncio.Protocol):
    def connection_made(self, transport):
        transport.write(b"hello")
        transport.close()


@pytest.mark.parametrize("address", ["127.0.0.1:0", "[::1]:0", "unix://{}/a.sock"])
async def test_who_connects_before_anybody_accepts_is_served(tmp_path, address):
    sock, bound = bind(address.format(tmp_path))
    with socket.socket(sock.family) as early:
        early.connect(sock.getsockname())
        assert not bound.endswith(":0")
        server, _ = await listen(Hello, f"{INHERITED}{sock.detach()}")
        early.setblocking(False)  # noqa: FBT003 - the name of the argument is not offered
        assert await asyncio.get_running_loop().sock_recv(early, 10) == b"hello"
        server.close()
        await server.wait_closed()


def test_an_address_that_is_taken_is_named():
    sock, bound = bind("127.0.0.1:0")
    with sock, pytest.raises(ListenError, match=f"cannot listen on {bound}"):
        bind(bound)
