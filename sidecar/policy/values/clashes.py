"""Which addresses are one, however they are written."""

import re
from ipaddress import IPv4Address, IPv6Address
from posixpath import normpath
from typing import Final

from sidecar.policy.values.addresses import Address, TcpAddress, UnixAddress

_WILDCARDS: Final = frozenset({"0.0.0.0", "::"})  # noqa: S104 - told apart here, bound nowhere
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1"})
_OF_LOOPBACK: Final = frozenset({"localhost", "localhost.localdomain", "ip6-localhost", "ip6-loopback"})
_NUMBER: Final = re.compile(r"0x[0-9a-f]+|[0-9]+")
_PARTS: Final = 4


def clash(one: Address, other: Address) -> bool:
    """Whether both cannot be listened at in one process, or who connects to one reaches the other."""
    if isinstance(one, TcpAddress) and isinstance(other, TcpAddress):
        here, there = _hosts(one.host), _hosts(other.host)
        return one.port == other.port != 0 and bool(here & there or (here | there) & _WILDCARDS)
    if isinstance(one, UnixAddress) and isinstance(other, UnixAddress):
        return normpath(one.path) == normpath(other.path)
    return False


def _hosts(host: str) -> frozenset[str]:
    """The addresses that a host stands for, each in one spelling; a name of which nothing is known for itself."""
    name = host.lower()
    if name in _OF_LOOPBACK or name.endswith(".localhost"):  # RFC 6761, section 6.3
        return _LOOPBACK
    return frozenset({_ip6(name) if ":" in name else _ip4(name)})


def _ip6(host: str) -> str:
    try:
        address = IPv6Address(host)
    except ValueError:
        return host
    return str(address.ipv4_mapped or address)


def _ip4(host: str) -> str:
    """As inet_aton(3) reads it: up to four parts, of which the last fills the rest, in octal and hexadecimal too."""
    parts = host.split(".")
    if len(parts) > _PARTS or not all(map(_NUMBER.fullmatch, parts)):
        return host
    try:
        *first, last = (int(part, _base(part)) for part in parts)
        rest = last.to_bytes(_PARTS - len(first))
        return str(IPv4Address(bytes(first) + rest))
    except (ValueError, OverflowError):
        return host


def _base(number: str) -> int:
    return 16 if number.startswith("0x") else 8 if number.startswith("0") else 10
