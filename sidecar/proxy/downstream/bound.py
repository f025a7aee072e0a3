"""A socket that is bound in one process and listened on in others."""

import socket

from sidecar.policy.values.addresses import TcpAddress, UnixAddress, parse_listen
from sidecar.proxy.downstream.listener import BACKLOG, ListenError, bound, remove_stale


def bind(address: str) -> tuple[socket.socket, str]:
    """A listening socket on `host:port` or `unix:///path`; and the address with the port that was given for port 0.

    Connections wait in its queue until somebody accepts them.

    Raises:
        ListenError: the address is taken, or not ours.
    """
    try:
        where = parse_listen(address)
        if isinstance(where, UnixAddress):
            remove_stale(where.path)
            return _listening(socket.socket(socket.AF_UNIX), where.path), address
        sock = _bind_tcp(where)
    except OSError as error:
        raise ListenError.of(address, error) from error
    return sock, bound(address, sock)


def _bind_tcp(address: TcpAddress) -> socket.socket:
    """The first address of a host."""
    found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, kind, protocol, _, where = found[0]
    sock = socket.socket(family, kind, protocol)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    return _listening(sock, where)


def _listening(sock: socket.socket, where: object) -> socket.socket:
    try:
        sock.bind(where)  # type: ignore[arg-type]  # what getaddrinfo gave, or a path
        sock.listen(BACKLOG)
    except OSError:
        sock.close()
        raise
    return sock
