"""Connects a TCP socket that is given its size before it is connected."""

import asyncio
import socket
from collections.abc import Callable, Sequence
from typing import Any

_Addresses = Sequence[tuple[socket.AddressFamily, socket.SocketKind, int, str, Any]]


async def dialled(host: str, port: int, prepare: Callable[[socket.socket], None]) -> socket.socket:
    """A connected socket to the first address of the host that takes the connection.

    Args:
        host: a name or an address.
        port: of TCP.
        prepare: sets what must be set before the connection is made.

    Raises:
        OSError: no address does; that of the last.
    """
    loop = asyncio.get_running_loop()
    found = _known(host, port) or await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    refused: OSError | None = None
    for family, kind, protocol, _, address in found:
        sock = socket.socket(family, kind, protocol)
        try:
            sock.settimeout(0)
            prepare(sock)
            await loop.sock_connect(sock, address)
        except OSError as error:
            sock.close()
            refused = error
        except BaseException:
            sock.close()
            raise
        else:
            return sock
    raise refused or OSError("no address")


def _known(host: str, port: int) -> _Addresses:
    """What needs no resolver, which is asked on a thread and costs as much again as the connection."""
    try:
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except socket.gaierror:
        return ()
