"""The framing of a body that goes on with the client's head."""

from dataclasses import replace

from sidecar.proxy.http.fields import without
from sidecar.proxy.http.request_head import OF_THE_OLD_BODY, RequestHead

_FRAMING = frozenset({b"content-length", b"transfer-encoding"})


def framed(head: RequestHead, length: int | None) -> RequestHead:
    """The head with the length of a body that was held; as it is where the body is passed on while it arrives."""
    if length is None or not head.chunked:
        return head
    return replace(head, fields=(*without(head.fields, _FRAMING), (b"Content-Length", b"%d" % length)))


def reframed(head: RequestHead, length: int | None) -> RequestHead:
    """The head for a body of another length than the client's; in chunks where that is not known yet."""
    framing = (b"Transfer-Encoding", b"chunked") if length is None else (b"Content-Length", b"%d" % length)
    return replace(head, fields=(*without(head.fields, _FRAMING), framing))


def rewritten_head(head: RequestHead, length: int | None) -> RequestHead:
    """The head for a body of which some is taken out: of another length, and without what it said of the old bytes."""
    return reframed(replace(head, fields=without(head.fields, OF_THE_OLD_BODY)), length)
