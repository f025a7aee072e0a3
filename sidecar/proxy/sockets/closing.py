"""The ways in which a connection is ended."""

import asyncio
import socket
import struct
from typing import Final

_LINGER_RESET: Final = struct.pack("ii", 1, 0)


def reset(transport: asyncio.Transport) -> None:
    """Close a connection with RST: the peer sees an error, not an end."""
    sock = transport.get_extra_info("socket")
    if sock is not None and sock.fileno() >= 0 and sock.family in (socket.AF_INET, socket.AF_INET6):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_RESET)
    transport.abort()


def half_close(transport: asyncio.Transport) -> bool:
    """Say that nothing more will be sent; whether the transport can (TLS cannot), and somebody is there to hear it."""
    if transport.is_closing() or not transport.can_write_eof():
        return False
    try:
        transport.write_eof()
    except OSError:  # a reset that nobody has read yet
        return False
    return True
