"""A form: read strictly, and either written anew in the canonical form or passed on as it was sent."""

import re
import secrets
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from sidecar.multipart.content_type import form_type
from sidecar.multipart.encoder import Encoder, content_type, fresh_boundary
from sidecar.multipart.events import Event, PartEnd, SmallField
from sidecar.multipart.grammar import READ_ALIKE
from sidecar.multipart.limits import Limits
from sidecar.multipart.parser import Parser
from sidecar.multipart.rules import MalformedError
from sidecar.proxy.held.pieces import Piece
from sidecar.proxy.http.fields import Fields
from sidecar.proxy.http.request_head import RequestHead, for_service_with_canonical_body
from sidecar.proxy.reasons import NOT_READ_ALIKE
from sidecar.proxy.shapes.shape import AsSent, Usual

# Of the characters that RFC 2046 lets a boundary have, those that clients write. Of the others, Jetty 9 takes single
# quotes off, Python's email package decodes `=?utf-8?q?B?=`, Twisted takes a delimiter with a colon for a header.
_PLAIN_TYPE: Final = re.compile(
    rb'multipart/form-data; ?boundary=(?:[A-Za-z0-9+_.-]{1,70}|"[A-Za-z0-9+_./=-]{1,70}")(?:; ?charset=[Uu][Tt][Ff]-8)?'
)


@lru_cache(maxsize=64)
def _limits(max_parts: int) -> Limits:
    """The policy's bound is passed, and told by its own reason, before the grammar ends the reading."""
    return Limits(max_parts=max_parts + 1)


class _Form(Usual):
    """What both ways of passing a form on have in common: the strict reading."""

    def __init__(self, head: RequestHead, max_parts: int) -> None:
        self._type = form_type(head.content_types)
        self._parser = Parser(self._type.boundary, _limits(max_parts))

    @property
    def unseen(self) -> Sequence[Event]:
        """Events from before the breach."""
        return self._parser.unseen

    def feed(self, chunk: bytes) -> Sequence[Event]:
        """The next bytes as events; raises as the parser does."""
        return self._parser.feed(chunk)

    def close(self) -> Sequence[Event]:
        """The end of the body; raises as the parser does."""
        self._parser.close()
        return ()


class CanonicalForm(_Form):
    """Goes on as the sidecar writes it, under a fresh boundary; so it knows where files begin in it."""

    def __init__(self, head: RequestHead, max_parts: int) -> None:
        super().__init__(head, max_parts)
        self._boundary = fresh_boundary(secrets.token_bytes, len(self._type.boundary))
        self._encoder = Encoder(self._boundary)
        self.places = self._encoder.places

    def written(self, chunk: bytes, events: Sequence[Event]) -> Sequence[Piece]:  # noqa: ARG002 - the events say it all
        """The canonical pieces of the events."""
        return self._encoder.encode(events)

    def head(self, head: RequestHead, authority: bytes, added: Fields, length: int | None) -> bytes:
        """The client's head with the new type and length."""
        media_type = content_type(self._boundary, self._type.charset_is_utf8)
        return for_service_with_canonical_body(head, authority, added, length=length, content_type=media_type)


class OriginalForm(_Form, AsSent):
    """Goes on byte for byte, so whatever would need normalising is refused.

    So is a boundary that stands anywhere but in a delimiter: PHP takes one behind a bare line feed for a delimiter,
    Django one behind anything, and sanic the boundary alone.
    """

    def __init__(self, head: RequestHead, max_parts: int) -> None:
        super().__init__(head, max_parts)
        self._tail, self._seen, self._ended = b"", 0, 0
        if _PLAIN_TYPE.fullmatch(head.content_types[0]) is None:
            raise MalformedError(NOT_READ_ALIKE, "Content-Type")

    def feed(self, chunk: bytes) -> Sequence[Event]:
        """The next bytes as events, if parsers read them alike."""
        events = super().feed(chunk)
        self._judge()
        self._judge_boundaries(chunk, events)
        return events

    def close(self) -> Sequence[Event]:
        """The end of the body, if parsers read all of it alike."""
        events = super().close()
        self._judge()
        return events

    def _judge(self) -> None:
        odd = self._parser.notes - READ_ALIKE
        if odd:
            raise MalformedError(NOT_READ_ALIKE, ", ".join(sorted(odd)))

    def _judge_boundaries(self, chunk: bytes, events: Sequence[Event]) -> None:
        """As many as the first delimiter and one for each part that ended."""
        boundary, kept = self._type.boundary, len(self._type.boundary) - 1
        seam = self._tail + chunk[:kept]
        self._tail = (self._tail + chunk[-kept:])[-kept:] if kept else b""
        self._seen += chunk.count(boundary) + seam.count(boundary)
        self._ended += sum(isinstance(event, PartEnd | SmallField) for event in events)
        if self._seen > self._ended + 1:
            raise MalformedError(NOT_READ_ALIKE, "the boundary, within a part")
