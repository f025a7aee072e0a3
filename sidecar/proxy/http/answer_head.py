"""The head of the service's answer: judged, and written anew for the client."""

import re
from dataclasses import dataclass, field
from enum import Enum
from itertools import chain
from typing import Final

from sidecar.proxy import reasons
from sidecar.proxy.http.fields import Fields, by_name, hop_by_hop, serialise
from sidecar.proxy.http.length import is_length
from sidecar.proxy.reasons import RefusedError

_CONTROL: Final = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_SPACE_BEHIND: Final = re.compile(rb"[ \t](?:\r|\Z)")
_FIRST_ERROR: Final = 400
_NO_CONTENT: Final = 204
_NOT_MODIFIED: Final = 304
_UPGRADE_REQUIRED: Final = 426
"""Whose Upgrade field tells what the service would speak (RFC 9110, section 15.5.22)."""


class Framing(Enum):
    """How the end of a body is told (RFC 9112, section 6)."""

    NONE = "none"
    LENGTH = "length"
    CHUNKED = "chunked"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class AnswerHead:
    """An answer's head as the service sent it, but for spaces between a name and its colon.

    A proxy must take those away (RFC 9112, section 5.1), and llhttp leaves them: a field would pass that nobody judged.
    """

    version: tuple[int, int]
    status: int
    phrase: bytes
    fields: Fields
    by_name: dict[bytes, list[bytes]] = field(init=False, repr=False, compare=False)
    """All values of every field, under its name in lower case."""

    def __post_init__(self) -> None:
        found = by_name(self.fields)
        if _SPACE_BEHIND.search(b"\r".join(found)):
            object.__setattr__(self, "fields", tuple((name.rstrip(b" \t"), value) for name, value in self.fields))
            found = by_name(self.fields)
        object.__setattr__(self, "by_name", found)

    def values(self, name: bytes) -> list[bytes]:
        """All values of the field called `name` (lower case), in order."""
        return self.by_name.get(name, [])


def judge(answer: AnswerHead) -> None:
    """Refuse an answer that the client could read in another way (RFC 9112, section 6.3).

    Raises:
        RefusedError: `upstream_garbled`.
    """
    lengths = answer.values(b"content-length")
    if len(set(lengths)) > 1 or not all(map(is_length, lengths)):
        raise RefusedError(
            reasons.UPSTREAM_GARBLED, "more than one Content-Length, or one that is no number to everybody"
        )
    codings = answer.values(b"transfer-encoding")
    if codings and (lengths or len(codings) > 1 or codings[0].lower() != b"chunked"):
        raise RefusedError(reasons.UPSTREAM_GARBLED, "Transfer-Encoding beside another framing")
    if _CONTROL.search(answer.phrase + b"".join(chain.from_iterable(answer.fields))):
        raise RefusedError(reasons.UPSTREAM_GARBLED, "a control character in a field")


def accepts(answer: AnswerHead) -> bool:
    """Whether it is no refusal: the service may want all of the request, though it has answered."""
    return answer.status < _FIRST_ERROR


def framing_for(answer: AnswerHead, method: str, client_version: tuple[int, int]) -> Framing:
    """How the body of the answer is framed for this client."""
    if method == "HEAD" or answer.status in (_NO_CONTENT, _NOT_MODIFIED):
        return Framing.NONE
    if b"content-length" in answer.by_name:
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
    unwanted = hop_by_hop(answer.values(b"connection"))
    if answer.status == _UPGRADE_REQUIRED:
        unwanted -= {b"upgrade"}
    if answer.status == _NO_CONTENT or framing in (Framing.CHUNKED, Framing.CLOSE):
        unwanted |= {b"content-length"}
    kept = [pair for pair in answer.fields if pair[0].lower() not in unwanted]
    added = [pair for pair in extra if pair[0].lower() in unwanted or pair[0].lower() not in answer.by_name]
    if framing is Framing.CHUNKED:
        added.append((b"Transfer-Encoding", b"chunked"))
    added += connection_field(version, keep_alive=keep_alive)
    if answer.status == _UPGRADE_REQUIRED and b"upgrade" in answer.by_name:
        added.append((b"Connection", b"upgrade"))
    return serialise(b"HTTP/1.1 %d %s" % (answer.status, answer.phrase), (*kept, *added))


def connection_field(version: tuple[int, int], *, keep_alive: bool) -> Fields:
    """The Connection field where the version's default is not what happens (RFC 9112, section 9.3)."""
    if not keep_alive:
        return ((b"Connection", b"close"),)
    return ((b"Connection", b"keep-alive"),) if version < (1, 1) else ()
