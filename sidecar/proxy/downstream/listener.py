"""Where clients connect: a TCP or unix socket that is listened on."""

import asyncio
import select
import socket
import ssl
from pathlib import Path
from typing import Final, Self

from sidecar.policy.settings.model import Tls
from sidecar.policy.values.addresses import UnixAddress, parse_listen
from sidecar.proxy.downstream.connections import Connections
from sidecar.proxy.downstream.handshakes import Handshakes
from sidecar.proxy.sockets import tls

INHERITED: Final = "fd://"
"""Begins the address of a socket that another process has bound."""
BACKLOG: Final = 1024


class ListenError(Exception):
    """An address cannot be listened on; the message says which, and why."""

    @classmethod
    def of(cls, address: str, error: OSError) -> Self:
        """What the system said, in words for whoever starts this."""
        return cls(
            f"cannot listen on {address}: {error.strerror or error}; expected a free address of this machine. "
            "Is another instance running?"
        )


async def listen(connections: Connections, address: str, settings: Tls | None = None) -> tuple[asyncio.Server, str]:
    """Listen on `host:port`, `unix:///path` or an inherited `fd://number`; with TLS where there is a certificate.

    Raises:
        ListenError: the address is taken, or not ours; or the certificate cannot be used.
    """
    context = _context(settings)
    factory = connections if context is None else Handshakes(connections, context)
    loop = asyncio.get_running_loop()
    if address.startswith(INHERITED):
        sock = socket.socket(fileno=int(address.removeprefix(INHERITED)))
        create = loop.create_unix_server if sock.family == socket.AF_UNIX else loop.create_server
        return await create(factory, sock=sock), address
    try:
        where = parse_listen(address)
        if isinstance(where, UnixAddress):
            remove_stale(where.path)
            return await loop.create_unix_server(factory, where.path, backlog=BACKLOG), address
        server = await loop.create_server(factory, where.host, where.port, backlog=BACKLOG)
    except OSError as error:
        raise ListenError.of(address, error) from error
    return server, bound(address, server.sockets[0])


def bound(address: str, sock: socket.socket) -> str:
    """The address with the port that was given for port 0."""
    return f"{address.rpartition(':')[0]}:{sock.getsockname()[1]}"


async def close(server: asyncio.Server) -> None:
    """Listen no more, once those are in who had connected by then: they would be reset, whatever they have sent.

    The loop takes in one of them in a turn. Where they come as fast, it ends with as many as the queue can have held.
    """
    queue = select.poll()
    for sock in server.sockets:
        queue.register(sock.fileno(), select.POLLIN)
    for _ in range(BACKLOG):
        if not queue.poll(0):
            break
        await asyncio.sleep(0)
    server.close()


def _context(settings: Tls | None) -> ssl.SSLContext | None:
    if settings is None or not settings.certificate:
        return None
    try:
        return tls.for_clients(settings)
    except (OSError, ValueError) as error:
        why = tls.explain(error, [settings.certificate, settings.key])
        raise ListenError(
            f"cannot speak TLS: {why}; expected files in PEM that this user can read. "
            "See tls.certificate, tls.key and tls.client_ca."
        ) from error


def remove_stale(path: str) -> None:
    """A socket file that nobody listens on any more is left from a process that died."""
    if not Path(path).is_socket():
        return
    with socket.socket(socket.AF_UNIX) as probe:
        if probe.connect_ex(path) != 0:
            Path(path).unlink(missing_ok=True)
