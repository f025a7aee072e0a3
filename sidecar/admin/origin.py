"""Where a request on the admin port comes from, and under which name it was asked."""

import re
from typing import Final

from aiohttp import web

from sidecar.proxy.http.forwarded import ip_of

_LOOPBACK: Final = frozenset({"127.0.0.1", "::1"})
"""Not all of 127.0.0.0/8: some meshes bring what comes from elsewhere from 127.0.0.6."""
_HERE: Final = _LOOPBACK | {"localhost"}
_CLOSED: Final = (".localhost", ".local", ".svc", ".internal")
"""Ends of names that nobody can have in the public DNS (RFC 6761, RFC 6762; `internal` is reserved by ICANN)."""
_HOST: Final = re.compile(r"(?:([A-Za-z0-9_.-]+)|\[([0-9A-Fa-f:.]+)\])(?::([0-9]{0,5}))?")
_LAST_PORT: Final = 65535


def from_here(request: web.BaseRequest) -> bool:
    """Over loopback, or over a socket in the file system, whose permissions say who may."""
    peer = _peer(request)
    return _on_loopback(peer) or isinstance(peer, str | bytes)


def names_here(request: web.BaseRequest) -> bool:
    """Whether the name is one of loopback, and cannot be that of a page whose name was made to lead here."""
    return _name(request) in _HERE


def may_be_rebound(request: web.BaseRequest) -> bool:
    """Whether a page of elsewhere may be asking: DNS made its name one of loopback, so its browser lets it read.

    Addresses are no such names, and neither are names that only a cluster or a local network gives. Elsewhere than on
    loopback it proves nothing: who can reach this port from there may read it.
    """
    name = _name(request)
    return _on_loopback(_peer(request)) and not ("." not in name or name.endswith(_CLOSED) or ip_of(name))


def _peer(request: web.BaseRequest) -> object:
    return None if request.transport is None else request.transport.get_extra_info("peername")


def _on_loopback(peer: object) -> bool:
    return isinstance(peer, tuple) and bool(peer) and ip_of(str(peer[0])) in _LOOPBACK


def _name(request: web.BaseRequest) -> str:
    """The host of the Host field (RFC 9110, section 7.2); empty without one, a name of nobody where it is none."""
    value = request.headers.get("Host", "")
    found = _HOST.fullmatch(value)
    if found is None or int(found[3] or 0) > _LAST_PORT:
        return "no.host" if value else ""
    return (found[1] or found[2]).lower().removesuffix(".")
