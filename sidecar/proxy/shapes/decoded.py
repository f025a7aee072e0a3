"""A compressed body: what is inside it is inspected, and goes on decoded."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from sidecar.multipart.events import Event
from sidecar.proxy.held.pieces import Piece
from sidecar.proxy.http.fields import Fields, without
from sidecar.proxy.http.request_head import OF_THE_OLD_BODY, RequestHead, for_service
from sidecar.proxy.shapes.decoding import Decoder
from sidecar.proxy.shapes.framing import reframed
from sidecar.proxy.shapes.passed import Passed
from sidecar.proxy.shapes.shape import Shape
from sidecar.proxy.shapes.start import LOOK

_BELIED = OF_THE_OLD_BODY | {b"content-encoding"}


class Decoded:
    """Gets decoded bytes, and gives them to the shape that they turn out to have."""

    heavy: ClassVar = True
    as_sent: ClassVar = False

    def __init__(self, coding: bytes, inner: Shape | None, choose: Callable[[bytes], Shape]) -> None:
        self.decoder = Decoder(coding)
        self._inner = inner
        self._choose = choose
        self._start = b""
        self._given = b""

    @property
    def inspects(self) -> bool:
        """Whether the shape inside does."""
        return self._inner is None or self._inner.inspects

    @property
    def places(self) -> Mapping[int, int] | None:
        """Those of the shape inside, of which alone something goes on."""
        return None if self._inner is None else self._inner.places

    @property
    def unseen(self) -> Sequence[Event]:
        """Events of the shape inside from before its breach."""
        return () if self._inner is None else self._inner.unseen

    def feed(self, chunk: bytes) -> Sequence[Event]:
        """The next decoded bytes; held until there are enough to tell what they are."""
        self._given = b""
        if self._inner is None:
            self._start += chunk
            if len(self._start) < LOOK:
                return ()
            return self._begin()
        self._given = chunk
        return self._inner.feed(chunk)

    def _begin(self) -> Sequence[Event]:
        self._inner = self._choose(self._start)
        self._given, self._start = self._start, b""
        return self._inner.feed(self._given)

    def close(self) -> Sequence[Event]:
        """The body has ended, and so must the compressed stream."""
        self.decoder.close()
        self._given = b""
        begun = self._begin() if self._inner is None else ()
        inner = self._inner or Passed()
        return (*begun, *inner.close())

    def written(self, chunk: bytes, events: Sequence[Event]) -> Sequence[Piece]:  # noqa: ARG002 - see feed
        """What the shape inside writes of what it was given last."""
        return () if self._inner is None else self._inner.written(self._given, events)

    def head(self, head: RequestHead, authority: bytes, added: Fields, length: int | None) -> bytes:
        """The client's head without its coding, and with the length of what was decoded."""
        plain = reframed(replace(head, fields=without(head.fields, _BELIED)), length)
        inner = self._inner
        if inner is None or inner.as_sent:
            return for_service(plain, authority, added)
        return inner.head(plain, authority, added, length)
