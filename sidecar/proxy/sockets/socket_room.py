"""How much the kernel holds for one connection: left to itself, megabytes for each peer that does not read."""

import asyncio
import socket
from typing import Final

_UNSENT: Final = 128 * 1024
_UNREAD: Final = 128 * 1024
"""Measured with 500 clients that do not read their answers: 310 MB of kernel memory instead of 1850 MB, above which all
TCP of the machine slows down (tcp_mem); on loopback, 600 MB/s either way."""


def keep_probing(transport: asyncio.BaseTransport) -> None:
    """Let the kernel ask now and then whether the other end still lives (tcp(7), SO_KEEPALIVE)."""
    sock = _tcp_socket(transport)
    if sock is not None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)


def bound_unsent(transport: asyncio.BaseTransport) -> None:
    """Let the kernel take only so much more than it could send; the rest waits here, where it is counted."""
    sock = _tcp_socket(transport)
    if sock is not None:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, _UNSENT)


_UNREAD_OF_ALL: Final = 8 * 1024 * 1024
_UNREAD_LEAST: Final = 8 * 1024
"""Whoever reads its answer slowly holds what arrived in one read, several times: 570 KiB with the full size, 170 with
the least; but reading in small steps takes twice the time. So only a crowd is given little."""


def is_crowd(connections: int) -> bool:
    """Whether each of so many is given less than the most."""
    return connections * _UNREAD > _UNREAD_OF_ALL


def bound_unread(sock: socket.socket, connections: int = 1) -> None:
    """Let the kernel receive only so much more than was read: less the more connections there are.

    Before the socket is connected: a sender that has once seen a large window sends in halves of that (Linux,
    tcp_bound_to_half_wnd), and waits 200 ms for its persist timer (RFC 9293, section 3.8.6.1) where the window is less.
    Measured on loopback with the least: 1 MB in 0.02 s, in 7 s where it was set afterwards.
    """
    size = max(_UNREAD_LEAST, min(_UNREAD, _UNREAD_OF_ALL // max(1, connections)))
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, size)


def _tcp_socket(transport: asyncio.BaseTransport) -> socket.socket | None:
    """The socket below, unless it is a unix one (whose buffers are small) or closed again."""
    sock: socket.socket | None = transport.get_extra_info("socket")
    open_tcp = sock is not None and sock.fileno() >= 0 and sock.family in (socket.AF_INET, socket.AF_INET6)
    return sock if open_tcp else None
