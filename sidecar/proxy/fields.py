"""Header fields as raw pairs of bytes: order, case, duplicates and all bytes are kept (RFC 9110, section 5)."""

from collections.abc import Container, Iterable
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
    """All values of the field called `name` (lower case), in order."""
    return [value for key, value in fields if key.lower() == name]


def plain(name: bytes) -> bytes:
    """A field name as gateways read it that make one sign of all (RFC 3875, section 4.1.18): lower case, hyphens."""
    return name.lower().translate(_SIGNS)


def imitates(name: bytes, names: Container[bytes]) -> bool:
    """Whether a gateway could take this name for one of `names` (lower case, with hyphens), which it is not."""
    return plain(name) in names and name.lower() not in names


def without(fields: Fields, names: Iterable[bytes]) -> Fields:
    """The fields but for those called by one of `names` (lower case)."""
    unwanted = frozenset(names)
    return tuple(pair for pair in fields if pair[0].lower() not in unwanted)


def amended(fields: Fields, changes: Fields) -> Fields:
    """The fields with each change made where the first of that name stands, or added at the end.

    The sender's spelling of a name is kept; further fields of a changed name go.
    """
    pending = {name.lower(): (name, value) for name, value in changes}
    changed = frozenset(pending)
    kept: list[tuple[bytes, bytes]] = []
    for name, value in fields:
        if name.lower() not in changed:
            kept.append((name, value))
        elif (change := pending.pop(name.lower(), None)) is not None:
            kept.append((name, change[1]))
    return (*kept, *pending.values())


def end_to_end(fields: Fields) -> Fields:
    """The fields that an intermediary forwards (RFC 9110, section 7.6.1)."""
    tokens = b",".join(values_of(fields, b"connection")).split(b",")
    named = {token.strip().lower() for token in tokens}
    return without(fields, _HOP_BY_HOP | (named - _PROTECTED))


def serialise(start_line: bytes, fields: Iterable[tuple[bytes, bytes]]) -> bytes:
    """A message head as it goes on the wire (RFC 9112, section 2.1)."""
    lines = [start_line]
    lines += [name + b": " + value for name, value in fields]
    lines += [b"", b""]
    return b"\r\n".join(lines)
