"""Addresses: `host:port`, `[::1]:8080`, `unix:///path`, `http://host:port`, `https://host:port`."""

import re
from dataclasses import dataclass
from typing import Annotated, Final

from sidecar.policy.values.kinds import read_by

_HOST_PORT: Final = re.compile(
    r"(?:\[(?P<six>[0-9A-Fa-f:.]{2,45})\]|(?P<host>[A-Za-z0-9](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?)):(?P<port>[0-9]{1,5})"
)
_UNIX: Final = "unix://"
_SOCKET_PATH: Final = re.compile(r"/[^\x00-\x20?#%\x7f]*[^\x00-\x20?#%\x7f/]")
_LONGEST_SOCKET_PATH: Final = 107  # sun_path holds 108 bytes with its NUL (unix(7))
_LAST_PORT: Final = 65535
_LISTEN_FORM: Final = "expected host:port such as 127.0.0.1:8080 or [::1]:8080, or unix:///path of a socket"
_UPSTREAM_FORM: Final = "expected http://host:port or https://host:port without a path, or unix:///path of a socket"
_PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class TcpAddress:
    """A host and a port."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class UnixAddress:
    """A socket in the file system."""

    path: str


Address = TcpAddress | UnixAddress


def _unix(text: str) -> UnixAddress | None:
    path = text.removeprefix(_UNIX)
    return UnixAddress(path) if _SOCKET_PATH.fullmatch(path) and len(path.encode()) <= _LONGEST_SOCKET_PATH else None


def _tcp(text: str, lowest: int) -> TcpAddress | None:
    match = _HOST_PORT.fullmatch(text)
    if match is None or not lowest <= int(match["port"]) <= _LAST_PORT:
        return None
    return TcpAddress(match["six"] or match["host"], int(match["port"]))


def parse_listen(text: str) -> Address:
    """Where to listen; port 0 asks the system for a free one.

    Raises:
        ValueError: it is not such an address; the message says what one looks like.
    """
    address = _unix(text) if text.startswith(_UNIX) else _tcp(text, 0)
    if address is None:
        raise ValueError(_LISTEN_FORM)
    return address


def parse_upstream(url: str) -> Address:
    """Where the service is.

    Raises:
        ValueError: it is not such an address; the message says what one looks like.
    """
    scheme, _, rest = url.partition("://")
    address = _unix(url) if scheme == "unix" else _tcp_of_url(scheme.lower(), rest.removesuffix("/"))
    if address is None:
        raise ValueError(_UPSTREAM_FORM)
    return address


def _tcp_of_url(scheme: str, rest: str) -> TcpAddress | None:
    if scheme not in _PORTS:
        return None
    return _tcp(with_port(rest, _PORTS[scheme]), 1)


def with_port(place: str, port: int) -> str:
    """A host with the port that is written behind it, or with this one."""
    has_port = place.rpartition(":")[2].isdigit() and not place.endswith("]")
    return place if has_port else f"{place}:{port}"


def speaks_tls(url: str) -> bool:
    """Whether the service at this URL is reached by TLS."""
    return url.lower().startswith("https://")


ListenAddress = Annotated[str, read_by(parse_listen)]
UpstreamUrl = Annotated[str, read_by(parse_upstream)]
