"""Bodies in which nothing is seen: the policy lets them pass, or their heads are refused."""

from collections.abc import Sequence

from sidecar.multipart.events import Event
from sidecar.proxy.held.pieces import Piece
from sidecar.proxy.shapes.shape import AsSent


class Passed(AsSent):
    """Nothing is seen in it; it still counts against `max_body`."""

    inspects = False

    def feed(self, chunk: bytes) -> Sequence[Event]:  # noqa: ARG002 - nothing is seen
        """Nothing."""
        return ()

    def close(self) -> Sequence[Event]:
        """Nothing."""
        return ()


class Refused(Passed):
    """Nothing is seen in it and nothing of it goes on: its head alone is refused."""

    as_sent = False

    def written(self, chunk: bytes, events: Sequence[Event]) -> Sequence[Piece]:  # noqa: ARG002 - as in `feed`
        """Nothing."""
        return ()
