"""Which clients are in the share to which `enforce` applies."""

import hashlib
import ipaddress
from dataclasses import replace
from typing import Final

from sidecar.policy.routing.router import Match
from sidecar.policy.settings.base import Mode
from sidecar.policy.settings.rollout import Rollout
from sidecar.proxy.http.fields import Fields, values_of

_ALL: Final = 100.0
_SIXTY_FOUR: Final = 64
"""Bits of an IPv6 address that a client keeps: the rest changes by itself (RFC 8981)."""


def settled(match: Match, rollout: Rollout, fields: Fields, address: str) -> Match:
    """The match as it holds for one client: with mode monitor where it is outside the share."""
    if match.mode is not Mode.ENFORCE or match.enforce_percent >= _ALL:
        return match
    inside = position_of(identity_of(rollout, fields, address), rollout.salt) < match.enforce_percent
    return match if inside else replace(match, mode=Mode.MONITOR)


def position_of(identity: bytes, salt: str) -> float:
    """Where a client stands from 0 to 100, always and everywhere the same: a share that grows keeps who was in it."""
    key = hashlib.sha256(salt.encode()).digest()
    digest = hashlib.blake2b(identity, key=key, digest_size=8).digest()
    return int.from_bytes(digest) / 2**64 * _ALL


def identity_of(rollout: Rollout, fields: Fields, address: str) -> bytes:
    """What tells a client from others: the header or the cookie where it has one, else the network address."""
    name = rollout.name.encode("ascii")
    value = b""
    if rollout.by == "header":
        value = b",".join(values_of(fields, name.lower()))
    elif rollout.by == "cookie":
        value = _cookie(fields, name)
    return rollout.by.encode() + b"=" + value if value else _network(address)


def _cookie(fields: Fields, name: bytes) -> bytes:
    """The first cookie of this name (RFC 6265, section 4.2.1)."""
    for line in values_of(fields, b"cookie"):
        for pair in line.split(b";"):
            key, _, value = pair.partition(b"=")
            if key.strip() == name:
                return value.strip()
    return b""


def _network(address: str) -> bytes:
    if ":" in address:
        network = int(ipaddress.IPv6Address(address)) >> _SIXTY_FOUR
        return b"address=%x::" % network
    return b"address=" + address.encode()
