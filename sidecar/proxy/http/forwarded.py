"""Who is calling, as header fields: X-Forwarded-* and Forwarded (RFC 7239)."""

import ipaddress
import re
from functools import lru_cache
from typing import Final, NamedTuple

from sidecar.policy.settings.callers import Forwarded
from sidecar.proxy.http.fields import Fields, amended, imitates, values_of, without

FAMILY: Final = frozenset(
    {
        b"forwarded",
        b"x-forwarded-for",
        b"x-forwarded-proto",
        b"x-forwarded-host",
        b"x-forwarded-port",
        b"x-forwarded-server",
        b"x-real-ip",
        b"true-client-ip",
        b"x-client-ip",
    }
)
"""Fields in which services look for their client."""
_CHAINS: Final = (b"x-forwarded-for", b"forwarded")
"""Fields to which each hop adds itself at the end; the others are written by the first."""
_TOKEN: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_ELEMENT: Final = re.compile(rb'((?:[^",]++|"(?:[^"\\]++|\\.)*+")*+)(?:(")|,|\Z)')
"""An element and what ends it, nothing read twice; a quote ends it that is left open."""
_FOR: Final = re.compile(rb'(?:^|;)\s*for=(?:"([^"]*)"|([^;]*))', re.IGNORECASE)
_PORT: Final = re.compile(r":\d{1,5}\Z")


class Caller(NamedTuple):
    """What the sidecar itself sees of the hop before it."""

    address: str
    """IP address; empty on a unix socket."""
    scheme: str
    host: bytes
    """The Host field."""


def caller_of(peername: object, host: bytes, *, tls: bool) -> Caller:
    """The hop before, from the name of its socket."""
    address = _peer(str(peername[0])) if isinstance(peername, tuple) and peername else ""
    return Caller(address, "https" if tls else "http", host)


def ip_of(text: str) -> str:
    """An address in its usual spelling, empty where it is none; brackets, port and zone go."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = _PORT.sub("", text)
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return str(mapped or address)


_peer: Final = lru_cache(maxsize=256)(ip_of)
"""Only for what the kernel says: a client could fill it with what it likes."""


def client_address(fields: Fields, peer: str, trusted_hops: int) -> str:
    """Address of the client: the peer's, or the one that the outermost trusted hop told.

    A chain that is shorter than `trusted_hops` did not come through all of them: then only the peer is sure.
    """
    if not trusted_hops:
        return peer
    hops = _members(values_of(fields, b"x-forwarded-for"))
    if not hops:
        found = (_FOR.search(element) for element in elements(values_of(fields, b"forwarded")))
        hops = [b"" if one is None else one[1] or one[2] or b"" for one in found]
    told = hops[-trusted_hops] if len(hops) >= trusted_hops else b""
    return ip_of(told.decode("latin-1")) or peer


def _members(values: list[bytes]) -> list[bytes]:
    return [member for value in values for part in value.split(b",") if (member := part.strip())]


def elements(values: list[bytes]) -> list[bytes]:
    """The elements of Forwarded, none where a quote is left open: it would swallow what is added behind it."""
    found: list[bytes] = []
    for match in _ELEMENT.finditer(b",".join(values)):
        if match[2]:
            return []  # each quote behind it would be read to the end again: 8 KB took 840 ms
        found.append(match[1].strip())
    return [part for part in found if part]


def rewritten(fields: Fields, caller: Caller, settings: Forwarded) -> Fields:
    """The fields with this hop told as the settings say."""
    if settings.fields == "keep":
        return fields
    trusted = settings.trusted_hops if settings.fields == "replace" else None
    wanted = [name.encode("ascii") for name in settings.write]
    changes = tuple((_spelled(name), value) for name in wanted if (value := _value(name, fields, caller, trusted)))
    if settings.fields == "replace":
        fields = _believed(fields, wanted, settings.trusted_hops)
    return amended(fields, changes)


def _believed(fields: Fields, wanted: list[bytes], trusted: int) -> Fields:
    """Without what a client could have said of itself, however the name is spelled."""
    gone = frozenset(wanted) if trusted else FAMILY
    left = tuple(pair for pair in without(fields, gone) if not imitates(pair[0], FAMILY))
    return left if not trusted else _trimmed(left, trusted)


def _trimmed(fields: Fields, trusted: int) -> Fields:
    """Every chain that is not written here, without what was there before the outermost trusted hop."""
    chains = [(name, b", ".join(_last(name, fields, trusted))) for name in _CHAINS if values_of(fields, name)]
    empty = frozenset(name for name, kept in chains if not kept)
    return amended(fields, tuple(chain for chain in chains if chain[1]), empty)


def _last(name: bytes, fields: Fields, trusted: int | None) -> list[bytes]:
    """The members of a chain that hops wrote which are believed; None believes all."""
    came = values_of(fields, name)
    chain = elements(came) if name == b"forwarded" else _members(came)
    return chain if trusted is None else chain[len(chain) - min(trusted, len(chain)) :]


def _value(name: bytes, fields: Fields, caller: Caller, trusted: int | None) -> bytes:
    """What a field says with this hop; empty where there is nothing to say.

    Args:
        name: of the field, in lower case.
        fields: as they came.
        caller: the hop before.
        trusted: how many hops are believed; None: all.
    """
    if name in _CHAINS:
        kept = _last(name, fields, trusted)
        own = element(caller) if name == b"forwarded" else caller.address.encode("ascii")
        return b", ".join([*kept, own] if own else kept)
    if trusted != 0 and (came := values_of(fields, name)):
        return came[-1]
    return caller.host if name == b"x-forwarded-host" else caller.scheme.encode("ascii")


def element(caller: Caller) -> bytes:
    """This hop as an element of Forwarded (RFC 7239, section 4)."""
    pairs = [("for", node(caller.address)), ("host", caller.host.decode("latin-1")), ("proto", caller.scheme)]
    return ";".join(f"{key}={quoted(value)}" for key, value in pairs if value).encode("latin-1")


def node(address: str, port: int | None = None) -> str:
    """A node of RFC 7239, section 6: IPv6 stands in brackets, what has no address is `unknown`."""
    name = "unknown" if not address else f"[{address}]" if ":" in address else address
    return name if port is None else f"{name}:{port}"


def quoted(value: str) -> str:
    """A token as it is, anything else as a quoted string (RFC 9110, section 5.6.4)."""
    if _TOKEN.fullmatch(value):
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _spelled(name: bytes) -> bytes:
    """The name as it is usually written."""
    return b"-".join(part.capitalize() for part in name.split(b"-"))
