"""Sockets that are bound where clients shall connect, here or in another process."""

import errno
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Self

from sidecar.policy.values.addresses import UnixAddress, parse_listen

INHERITED: Final = "fd://"
"""Begins the address of sockets that another process has bound: their numbers, with commas between them."""
BACKLOG: Final = 1024
_NOT_HERE: Final = {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}
"""Where IPv6 is switched off, `localhost` may still have an address of it."""


class ListenError(Exception):
    """An address cannot be listened on; the message says which, and why."""

    @classmethod
    def of(cls, address: str, error: OSError) -> Self:
        """What the system said, in words for whoever starts this."""
        return cls(
            f"cannot listen on {address}: {error.strerror or error}; expected a free address of this machine. "
            "Is another instance running?"
        )


def bind(address: str) -> tuple[list[socket.socket], str]:
    """Listening sockets on `host:port`, one for each address of the host, or on `unix:///path`, or inherited ones.

    Connections wait in their queues until somebody accepts them.

    Returns:
        The sockets, and the address with the port that was given for port 0.

    Raises:
        ListenError: the address is taken, or not ours.
    """
    if address.startswith(INHERITED):
        return [socket.socket(fileno=int(each)) for each in address.removeprefix(INHERITED).split(",")], address
    try:
        where = parse_listen(address)
        if isinstance(where, UnixAddress):
            return [_bind_unix(where.path)], address
        sockets = _bind_tcp(where.host, where.port)
    except OSError as error:
        raise ListenError.of(address, error) from error
    return sockets, f"{address.rpartition(':')[0]}:{sockets[0].getsockname()[1]}"


def inherited(sockets: Sequence[socket.socket]) -> str:
    """The address under which a process that inherits these sockets listens on them."""
    return INHERITED + ",".join(str(sock.fileno()) for sock in sockets)


def _bind_tcp(host: str, port: int) -> list[socket.socket]:
    """All on one port; an address that this machine does not have is left out, where it has another."""
    bound: list[socket.socket] = []
    missing = None
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    for family, *_, where in dict.fromkeys(found):  # an /etc/hosts that names a host twice gives its address twice
        try:
            same = bound[0].getsockname()[1] if bound else port
            bound.append(_listening(socket.socket(family), (where[0], same, *where[2:])))
        except OSError as error:
            if error.errno not in _NOT_HERE:
                for sock in bound:
                    sock.close()
                raise
            missing = error
    if missing and not bound:
        raise missing
    return bound


def _bind_unix(path: str) -> socket.socket:
    _remove_stale(path)
    return _listening(socket.socket(socket.AF_UNIX), path)


def _listening(sock: socket.socket, where: object) -> socket.socket:
    try:
        if sock.family != socket.AF_UNIX:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if sock.family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.bind(where)  # type: ignore[arg-type]  # what getaddrinfo gave, or a path
        sock.listen(BACKLOG)
    except OSError:
        sock.close()
        raise
    return sock


def _remove_stale(path: str) -> None:
    """A socket file that nobody listens on any more is left from a process that died."""
    if not Path(path).is_socket():
        return
    with socket.socket(socket.AF_UNIX) as probe:
        if probe.connect_ex(path) != 0:
            Path(path).unlink(missing_ok=True)
