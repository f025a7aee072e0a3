"""Asks the admin port of an instance, wherever it listens."""

import http.client
import socket
from collections.abc import Mapping
from typing import Final

from sidecar.cli.in_time import in_time
from sidecar.policy.values.addresses import TcpAddress, UnixAddress

_HERE: Final[Mapping[str, str]] = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - whoever listens everywhere also does on loopback


class _Local(http.client.HTTPConnection):
    """A connection to an address, a socket in the file system among them."""

    def __init__(self, address: TcpAddress | UnixAddress, timeout: float) -> None:
        super().__init__("localhost", timeout=timeout)
        self._address = address

    def connect(self) -> None:
        if isinstance(self._address, TcpAddress):
            place = (_HERE.get(self._address.host, self._address.host), self._address.port)
            self.sock = socket.create_connection(place, self.timeout)
        else:
            self.sock = socket.socket(socket.AF_UNIX)
            self.sock.settimeout(self.timeout)
            self.sock.connect(self._address.path)


def ask(address: TcpAddress | UnixAddress, path: str, timeout: float, longest: int) -> tuple[int, bytes]:
    """Status and body of the answer to a GET; at most `longest` bytes of it, and all of them within `timeout`.

    Raises:
        OSError, http.client.HTTPException: there is no answer.
    """
    return in_time(timeout, lambda: _ask(address, path, timeout, longest))


def _ask(address: TcpAddress | UnixAddress, path: str, timeout: float, longest: int) -> tuple[int, bytes]:
    connection = _Local(address, timeout)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read(longest)
    finally:
        connection.close()
