"""The contract of a shape: how an upload is read, and what of it goes on."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from sidecar.multipart.events import Event
from sidecar.proxy.held.pieces import Piece
from sidecar.proxy.http.fields import Fields
from sidecar.proxy.http.request_head import RequestHead, for_service
from sidecar.proxy.shapes.decoding import Decoder
from sidecar.proxy.shapes.framing import framed


class Shape(Protocol):
    """One upload as it is read. Errors are MalformedError, and end the reading."""

    @property
    def heavy(self) -> bool:
        """Whether a chunk can take milliseconds to read: then it is read on a thread."""

    @property
    def as_sent(self) -> bool:
        """Whether the body goes on byte for byte, so that the length which the client announced still holds."""

    @property
    def inspects(self) -> bool:
        """Whether what it says is worth a verdict."""

    @property
    def decoder(self) -> Decoder | None:
        """What the body must go through before it is fed."""

    @property
    def unseen(self) -> Sequence[Event]:
        """Events of the chunk that was malformed, from before the breach."""

    @property
    def places(self) -> Mapping[int, int] | None:
        """Where the bytes of each file, by the number of its part, begin in what goes on, one behind the other there.

        It grows with what was `written`. None where files do not stand in the body as they are, or nobody knows where.
        """

    def feed(self, chunk: bytes) -> Sequence[Event]:
        """The next bytes of the body as events.

        Raises:
            MalformedError: the body breaks a rule of its shape.
        """

    def close(self) -> Sequence[Event]:
        """The body has ended; the events that only its end tells.

        Raises:
            MalformedError: too early, or it breaks a rule as a whole.
        """

    def written(self, chunk: bytes, events: Sequence[Event]) -> Sequence[Piece]:
        """What goes on of the bytes that were fed last, in order; after `close` of none."""

    def head(self, head: RequestHead, authority: bytes, added: Fields, length: int | None) -> bytes:
        """The head that goes to the service.

        Args:
            head: the client's.
            authority: the Host of a client that sent none.
            added: fields to set.
            length: bytes of all that was `written`; None where it is not known yet.
        """


class Usual:
    """What most shapes say of themselves."""

    heavy: bool = False
    as_sent: bool = False
    inspects: bool = True
    decoder: Decoder | None = None
    places: Mapping[int, int] | None = None

    @property
    def unseen(self) -> Sequence[Event]:
        """None: nothing is kept."""
        return ()


class AsSent(Usual):
    """What goes on byte for byte."""

    as_sent = True

    def written(self, chunk: bytes, events: Sequence[Event]) -> Sequence[Piece]:  # noqa: ARG002 - as it was sent
        """The bytes themselves."""
        return (chunk,)

    def head(self, head: RequestHead, authority: bytes, added: Fields, length: int | None) -> bytes:
        """The client's head; with its length where that is known."""
        return for_service(framed(head, length), authority, added)
