"""Header fields as raw pairs of bytes: order, case, duplicates and all bytes are kept (RFC 9110, section 5)."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

Fields = tuple[tuple[bytes, bytes], ...]

_HOP_BY_HOP: Final = frozenset(
    {
        b"connection",
        b"keep-alive",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
        b"http2-settings",
    }
)
_PROTECTED: Final = frozenset(
    {
        b"host",
        b"content-length",
        b"content-type",
        b"content-encoding",
        b"content-range",
        b"content-disposition",
        b"authorization",
        b"cookie",
        b"x-request-id",
        b"forwarded",
        b"x-forwarded-for",
        b"x-forwarded-proto",
        b"x-forwarded-host",
        b"x-forwarded-port",
        b"x-real-ip",
        b"traceparent",
        b"tracestate",
    }
)
"""Fields that a Connection field may not take away: the service would read another message, or another's."""
_SIGNS: Final = bytes.maketrans(b"!#$%&'*+.^_`|~", b"-" * 14)


def values_of(fields: Fields, name: bytes) -> list[bytes]:
    """All values of the field called `name` (lower case), in order; a head's `values` is quicker."""
    return [value for key, value in fields if key.lower() == name]


def by_name(fields: Fields) -> dict[bytes, list[bytes]]:
    """All values of every field, under its name in lower case."""
    found: dict[bytes, list[bytes]] = {}
    for name, value in fields:
        key = name.lower()
        if key in found:
            found[key].append(value)
        else:
            found[key] = [value]
    return found


@lru_cache(maxsize=1024)
def plain(name: bytes) -> bytes:
    """A field name as gateways read it that make one sign of all (RFC 3875, section 4.1.18): lower case, hyphens."""
    return name.lower().translate(_SIGNS)


@lru_cache(maxsize=1024)
def imitates(name: bytes, names: frozenset[bytes]) -> bool:
    """Whether a gateway could take this name for one of `names` (lower case, with hyphens), which it is not."""
    return plain(name) in names and name.lower() not in names


def without(fields: Fields, names: Iterable[bytes]) -> Fields:
    """The fields but for those called by one of `names` (lower case)."""
    unwanted = frozenset(names)
    return tuple(pair for pair in fields if pair[0].lower() not in unwanted)


def amended(fields: Fields, changes: Fields, unwanted: frozenset[bytes] = frozenset()) -> Fields:
    """The fields with each change made where the first of that name stands, or added at the end.

    The sender's spelling of a name is kept; further fields of a changed name go, and so do the `unwanted` (lower case).
    """
    pending = {change[0].lower(): change for change in changes}
    gone = unwanted | pending.keys()
    kept: list[tuple[bytes, bytes]] = []
    for pair in fields:
        name = pair[0].lower()
        if name not in gone:
            kept.append(pair)
        elif name in pending:
            kept.append((pair[0], pending.pop(name)[1]))
    return (*kept, *pending.values())


def hop_by_hop(connection: Sequence[bytes]) -> frozenset[bytes]:
    """Names of the fields that an intermediary does not forward (RFC 9110, section 7.6.1).

    Args:
        connection: values of the Connection field.
    """
    if not connection:
        return _HOP_BY_HOP
    named = {token.strip().lower() for value in connection for token in value.split(b",")}
    return _HOP_BY_HOP | (named - _PROTECTED)


def serialise(start_line: bytes, fields: Iterable[tuple[bytes, bytes]]) -> bytes:
    """A message head as it goes on the wire (RFC 9112, section 2.1)."""
    return b"\r\n".join([start_line, *map(b": ".join, fields), b"", b""])
