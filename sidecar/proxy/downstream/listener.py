"""Where clients connect: sockets that are listened on, with TLS or without."""

import asyncio
import select
import socket
import sys
from collections.abc import Callable
from typing import Any, Final

from sidecar.policy.settings.model import Tls
from sidecar.proxy.downstream.bound import BACKLOG, ListenError, bind
from sidecar.proxy.downstream.connections import Connections
from sidecar.proxy.downstream.handshakes import Handshakes
from sidecar.proxy.sockets import tls

_SHARED: Final[dict[str, Any]] = {"cleanup_socket": False} if sys.version_info >= (3, 13) else {}
"""From Python 3.13 on, the first process that ends would take the file of a unix socket away from the others."""


class Listener:
    """One address that is listened on, until it is closed.

    Attributes:
        address: where clients connect, with the port that was given for port 0.
        trust: the files of TLS, None without it.
    """

    def __init__(self, address: str, servers: list[asyncio.Server], trust: tls.Renewed | None) -> None:
        self.address = address
        self.trust = trust
        self._servers = servers

    async def drain(self) -> None:
        """Listen no more, once those are in who had connected by then: they would be reset, whatever they have sent.

        The loop takes in one of them in a turn. Where they come as fast, it ends with as many as a queue can have held.
        """
        queue = select.poll()
        for sock in (sock for server in self._servers for sock in server.sockets):
            queue.register(sock.fileno(), select.POLLIN)
        for _ in range(BACKLOG):
            if not queue.poll(0):
                break
            await asyncio.sleep(0)
        self.close()

    def close(self) -> None:
        """Accept nobody any more."""
        for server in self._servers:
            server.close()


async def listen(connections: Connections, address: str, settings: Tls | None = None) -> Listener:
    """Listen on `host:port`, `unix:///path` or inherited sockets; with TLS where there is a certificate.

    Raises:
        ListenError: the address is taken, or not ours; or the certificate cannot be used.
    """
    secure = _tls(settings)
    factory = connections if secure is None else Handshakes(connections, secure.context)
    sockets, name = bind(address)
    servers = [await _serve(sock, factory) for sock in sockets]
    return Listener(name, servers, None if secure is None else secure.renewed)


async def _serve(sock: socket.socket, factory: Callable[[], asyncio.Protocol]) -> asyncio.Server:
    loop = asyncio.get_running_loop()
    if sock.family == socket.AF_UNIX:
        return await loop.create_unix_server(factory, sock=sock, backlog=BACKLOG, **_SHARED)
    return await loop.create_server(factory, sock=sock, backlog=BACKLOG)


def _tls(settings: Tls | None) -> tls.ForClients | None:
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
