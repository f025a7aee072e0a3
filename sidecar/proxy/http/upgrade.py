"""The heads by which two peers leave HTTP for another protocol (RFC 9110, section 7.8)."""

import hashlib
import re
from base64 import b64encode
from typing import Final

from sidecar.multipart.content_type import is_multipart
from sidecar.proxy import reasons
from sidecar.proxy.http.answer_head import AnswerHead
from sidecar.proxy.http.fields import Fields, serialise, without
from sidecar.proxy.http.request_head import RequestHead, for_service
from sidecar.proxy.reasons import RefusedError

SWITCHING_PROTOCOLS: Final = 101
_PROTOCOL: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}(?:/[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64})?")
_NEVER: Final = frozenset({b"h2c", b"h2", b"http", b"tls"})
"""More HTTP, which could carry uploads past the inspection (h2c smuggling), and what belongs to one connection."""
_GUID: Final = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def protocols_asked(head: RequestHead) -> tuple[bytes, ...]:
    """The protocols that a request asks for and that a tunnel may carry; empty where it is an ordinary request.

    A request with a body, or one that calls itself a form, is an upload first: its Upgrade is not passed on.
    """
    if b"upgrade" not in head.by_name or head.version < (1, 1) or head.has_body or is_multipart(head.content_types):
        return ()
    if b"upgrade" not in _tokens(head.values(b"connection")):
        return ()
    asked = [token.strip() for value in head.values(b"upgrade") for token in value.split(b",")]
    return tuple(each for each in asked if _PROTOCOL.fullmatch(each) and _name(each) not in _NEVER)


def _tokens(values: list[bytes]) -> list[bytes]:
    return [token.strip().lower() for value in values for token in value.split(b",")]


def _name(protocol: bytes) -> bytes:
    return protocol.partition(b"/")[0].lower()


def asking(head: RequestHead, authority: bytes, extra: Fields, protocols: tuple[bytes, ...]) -> bytes:
    """The head that asks the service for one of the protocols."""
    return for_service(head, authority, (*extra, (b"Connection", b"Upgrade"), (b"Upgrade", b", ".join(protocols))))


def judge_switch(head: RequestHead, answer: AnswerHead, protocols: tuple[bytes, ...]) -> None:
    """Refuse a 101 that does not say what it switches to, or not for this connection (RFC 9110, section 7.8).

    Behind it, nothing would be inspected any more.

    A WebSocket's answer must carry the proof that the service meant it (RFC 6455, section 4.2.2): a service that can
    be made to answer 101 by other means would otherwise open its whole HTTP side to the client.

    Raises:
        RefusedError: `upstream_garbled`.
    """
    if b"upgrade" not in _tokens(answer.values(b"connection")):
        raise RefusedError(reasons.UPSTREAM_GARBLED, "a switch without Connection: upgrade")
    chosen = _tokens(answer.values(b"upgrade"))
    if not chosen or not set(chosen) <= {each.lower() for each in protocols}:
        raise RefusedError(reasons.UPSTREAM_GARBLED, "a switch to a protocol that nobody asked for")
    if b"websocket" in chosen:
        key = b"".join(head.values(b"sec-websocket-key"))
        proof = b64encode(hashlib.sha1(key + _GUID, usedforsecurity=False).digest())
        if answer.values(b"sec-websocket-accept") != [proof]:
            raise RefusedError(reasons.UPSTREAM_GARBLED, "a switch to WebSocket without its proof")


def switching(answer: AnswerHead, extra: Fields) -> bytes:
    """The 101 that the client gets: the service's own fields (RFC 9110, section 8.6: without a length)."""
    kept = without(answer.fields, (b"content-length", b"transfer-encoding"))
    present = {name.lower() for name, _ in kept}
    added = [pair for pair in extra if pair[0].lower() not in present]
    return serialise(b"HTTP/1.1 %d %s" % (answer.status, answer.phrase), (*kept, *added))
