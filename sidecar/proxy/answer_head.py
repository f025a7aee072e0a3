"""The head of the service's answer: judged, and written anew for the client."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from sidecar.proxy import reasons
from sidecar.proxy.fields import Fields, end_to_end, serialise, values_of, without
from sidecar.proxy.reasons import RefusedError

_CONTROLS: Final = frozenset(range(32)) - {9} | {127}
_NO_CONTENT: Final = 204
_NOT_MODIFIED: Final = 304


class Framing(Enum):
    """How the end of a body is told (RFC 9112, section 6)."""

    NONE = "none"
    LENGTH = "length"
    CHUNKED = "chunked"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class AnswerHead:
    """An answer's head as the service sent it."""

    version: tuple[int, int]
    status: int
    phrase: bytes
    fields: Fields


def judge(answer: AnswerHead) -> None:
    """Refuse an answer that the client could read in another way (RFC 9112, section 6.3).

    Raises:
        RefusedError: `upstream_garbled`.
    """
    lengths = values_of(answer.fields, b"content-length")
    if len(set(lengths)) > 1 or any(not length.isdigit() for length in lengths):
        raise RefusedError(reasons.UPSTREAM_GARBLED, "more than one Content-Length, or one that is not a number")
    codings = values_of(answer.fields, b"transfer-encoding")
    if codings and (lengths or len(codings) > 1 or codings[0].lower() != b"chunked"):
        raise RefusedError(reasons.UPSTREAM_GARBLED, "Transfer-Encoding beside another framing")
    if any(not _CONTROLS.isdisjoint(value) for _, value in answer.fields) or not _CONTROLS.isdisjoint(answer.phrase):
        raise RefusedError(reasons.UPSTREAM_GARBLED, "a control character in a field")


def framing_for(answer: AnswerHead, method: str, client_version: tuple[int, int]) -> Framing:
    """How the body of the answer is framed for this client."""
    if method == "HEAD" or answer.status in (_NO_CONTENT, _NOT_MODIFIED):
        return Framing.NONE
    if values_of(answer.fields, b"content-length"):
        return Framing.LENGTH
    return Framing.CHUNKED if client_version >= (1, 1) else Framing.CLOSE


def for_client(
    answer: AnswerHead, framing: Framing, extra: Fields, *, keep_alive: bool, version: tuple[int, int]
) -> bytes:
    """The head that the client gets.

    Args:
        answer: what the service sent.
        framing: how the body that follows is framed.
        extra: fields to add, unless the service sent its own.
        keep_alive: whether the connection stays open.
        version: what the client speaks.
    """
    kept = end_to_end(answer.fields)
    if answer.status == _NO_CONTENT or framing in (Framing.CHUNKED, Framing.CLOSE):
        kept = without(kept, (b"content-length",))
    present = {name.lower() for name, _ in kept}
    added = [pair for pair in extra if pair[0].lower() not in present]
    if framing is Framing.CHUNKED:
        added.append((b"Transfer-Encoding", b"chunked"))
    added += connection_field(version, keep_alive=keep_alive)
    return serialise(b"HTTP/1.1 %d %s" % (answer.status, answer.phrase), (*kept, *added))


def connection_field(version: tuple[int, int], *, keep_alive: bool) -> Fields:
    """The Connection field where the version's default is not what happens (RFC 9112, section 9.3)."""
    if not keep_alive:
        return ((b"Connection", b"close"),)
    return ((b"Connection", b"keep-alive"),) if version < (1, 1) else ()
