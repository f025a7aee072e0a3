"""A body that the policy lets pass uninspected."""

from collections.abc import Sequence
from typing import ClassVar

from sidecar.multipart.events import Event
from sidecar.proxy.fields import Fields
from sidecar.proxy.pieces import Piece
from sidecar.proxy.request_head import RequestHead, for_service
from sidecar.proxy.shapes.framing import framed


class Passed:
    """Nothing is seen in it; it still counts against `max_body`."""

    heavy: ClassVar = False
    as_sent: ClassVar = True
    inspects: ClassVar = False
    decoder: ClassVar = None
    places: ClassVar = None
    unseen: ClassVar[Sequence[Event]] = ()

    def feed(self, chunk: bytes) -> Sequence[Event]:  # noqa: ARG002 - nothing is seen
        """Nothing."""
        return ()

    def close(self) -> Sequence[Event]:
        """Nothing."""
        return ()

    def written(self, chunk: bytes, events: Sequence[Event]) -> Sequence[Piece]:  # noqa: ARG002 - as it was sent
        """The bytes themselves."""
        return (chunk,)

    def head(self, head: RequestHead, authority: bytes, added: Fields, length: int | None) -> bytes:
        """The client's head; with its length where that is known."""
        return for_service(framed(head, length), authority, added)
