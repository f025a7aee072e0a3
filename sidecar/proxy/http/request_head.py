"""The head of a request: judged before anything else, written anew for the service."""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from sidecar.inspection.finding import printable
from sidecar.proxy import reasons
from sidecar.proxy.http.fields import Fields, amended, by_name, hop_by_hop, imitates, serialise
from sidecar.proxy.http.length import is_length
from sidecar.proxy.reasons import RefusedError

_HOST: Final = re.compile(rb"(?:[A-Za-z0-9._~!$&'()*+;=%-]+|\[[0-9A-Fa-f:.]+\])(?::(\d{0,5}))?")
"""A comma is in the grammar of RFC 3986 too, but two hosts to whoever reads lists."""
_LAST_PORT: Final = 65535
_RULING: Final = frozenset(
    {
        b"transfer-encoding",
        b"content-length",
        b"content-type",
        b"content-encoding",
        b"content-disposition",
        b"content-range",
    }
)
"""Those of one word cannot be imitated: any sign in one makes another word of it."""
_METHODS_REFUSED: Final = frozenset({"TRACE", "CONNECT", "SOURCE"})
"""SOURCE is ICE's, which llhttp reads as HTTP/1.0."""


@dataclass(frozen=True, slots=True)
class RequestHead:
    """A request head as it was received."""

    method: str
    target: bytes
    """Raw request target: never parsed and put together again (RFC 9112, section 3.2)."""
    version: tuple[int, int]
    fields: Fields
    by_name: dict[bytes, list[bytes]] = field(init=False, repr=False, compare=False)
    """All values of every field, under its name in lower case."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", by_name(self.fields))

    def values(self, name: bytes) -> list[bytes]:
        """All values of the field called `name` (lower case), in order."""
        return self.by_name.get(name, [])

    @property
    def path(self) -> bytes:
        """The target up to its query."""
        return self.target.partition(b"?")[0]

    @property
    def content_types(self) -> list[bytes]:
        """All Content-Type values: more than one is itself a finding."""
        return self.values(b"content-type")

    @property
    def chunked(self) -> bool:
        """Whether the body comes in chunks; only asked once the head was judged."""
        return b"transfer-encoding" in self.by_name

    @property
    def content_length(self) -> int | None:
        """The length that the head announces."""
        values = self.values(b"content-length")
        return int(values[0].lstrip(b"0") or b"0") if values else None

    @property
    def has_body(self) -> bool:
        """Whether any byte of a body is to come."""
        return self.chunked or bool(self.content_length)

    @property
    def is_last(self) -> bool:
        """Whether nothing behind this request on its connection can be trusted.

        aiohttp's parser does not tell where a body in chunks ends, and would give its last trailer to the next request
        as a header field (`chunks/trailers` in the corpus of heads).
        """
        return self.chunked

    @property
    def expects_continue(self) -> bool:
        """Whether the client waits for a 100 (RFC 9110, section 10.1.1): HTTP/1.0 clients never do."""
        return b"expect" in self.by_name and self.version >= (1, 1)


def judge(head: RequestHead) -> None:
    """Refuse a head that two readers could read in two ways.

    aiohttp's C parser has refused most of them already (doubled or signed lengths, bare line ends, control characters);
    what it lets through is judged here.

    Raises:
        RefusedError: the first rule that is broken.
    """
    _judge_line(head)
    _judge_length(head)
    _judge_framing(head)
    _judge_host(head)
    for name in filter(_imitates_ruling, head.by_name):
        raise RefusedError(reasons.FIELD_NAME_AMBIGUOUS, printable(name))
    for value in head.values(b"expect"):
        if value.lower() != b"100-continue":
            raise RefusedError(reasons.EXPECTATION_UNKNOWN, printable(value))


@lru_cache(maxsize=1024)
def _imitates_ruling(name: bytes) -> bool:
    return imitates(name, _RULING)


def _judge_line(head: RequestHead) -> None:
    if head.version not in ((1, 0), (1, 1)):
        raise RefusedError(reasons.VERSION_UNKNOWN, f"HTTP/{head.version[0]}.{head.version[1]}")
    if head.method in _METHODS_REFUSED:
        raise RefusedError(reasons.METHOD_REFUSED, head.method)
    asterisk = head.target == b"*" and head.method == "OPTIONS"
    if head.target.find(b"#") >= 0 or not (asterisk or head.target.startswith(b"/")):
        raise RefusedError(reasons.TARGET_MALFORMED, printable(head.target))


def _judge_framing(head: RequestHead) -> None:
    codings = head.values(b"transfer-encoding")
    if not codings:
        return
    if head.version < (1, 1) or len(codings) > 1 or head.content_length is not None:
        raise RefusedError(reasons.FRAMING_AMBIGUOUS, "Transfer-Encoding beside another framing or in HTTP/1.0")
    if codings[0].lower() != b"chunked":
        raise RefusedError(reasons.TRANSFER_CODING, printable(codings[0]))


def _judge_length(head: RequestHead) -> None:
    values = head.values(b"content-length")
    if len(values) > 1 or not all(map(is_length, values)):
        raise RefusedError(reasons.FRAMING_AMBIGUOUS, "a Content-Length that not every reader understands")


def _judge_host(head: RequestHead) -> None:
    hosts = head.values(b"host")
    if len(hosts) > 1 or (not hosts and head.version >= (1, 1)):
        raise RefusedError(reasons.HOST_MALFORMED, f"{len(hosts)} Host fields")
    if not hosts:
        return
    host = _HOST.fullmatch(hosts[0])
    if host is None or int(host[1] or 0) > _LAST_PORT:
        raise RefusedError(reasons.HOST_MALFORMED, printable(hosts[0]))


_ANSWERED_HERE: Final = frozenset({b"expect"})
OF_THE_OLD_BODY: Final = frozenset({b"content-md5", b"digest", b"content-digest", b"repr-digest"})
"""Fields that speak of the bytes the client sent; a canonical body is framed anew and would belie them."""


def for_service(head: RequestHead, authority: bytes, extra: Fields) -> bytes:
    """The head that goes to the service with the body as it came.

    Args:
        head: what the client sent.
        authority: the Host of a client that sent none (HTTP/1.0).
        extra: fields to set.
    """
    length = head.content_length
    framing: Fields = ((b"Transfer-Encoding", b"chunked"),) if head.chunked else ()
    if length is not None:
        framing = ((b"Content-Length", b"%d" % length),)
    return _write(head, frozenset(), authority, (*framing, *extra))


def for_service_with_canonical_body(
    head: RequestHead, authority: bytes, extra: Fields, *, length: int | None, content_type: bytes
) -> bytes:
    """The head that goes to the service with a body that the sidecar wrote; without a length it goes in chunks."""
    if length is None:
        unwanted, framing = OF_THE_OLD_BODY | {b"content-length"}, (b"Transfer-Encoding", b"chunked")
    else:
        unwanted, framing = OF_THE_OLD_BODY, (b"Content-Length", b"%d" % length)
    return _write(head, unwanted, authority, ((b"Content-Type", content_type), framing, *extra))


def _write(head: RequestHead, unwanted: frozenset[bytes], authority: bytes, changes: Fields) -> bytes:
    unwanted |= hop_by_hop(head.values(b"connection")) | _ANSWERED_HERE
    fields = head.fields if b"host" in head.by_name else ((b"Host", authority), *head.fields)
    line = head.method.encode("ascii") + b" " + head.target + b" HTTP/1.1"
    return serialise(line, amended(fields, changes, unwanted))
