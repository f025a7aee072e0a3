"""A file at the service that the request gives a name which the policy refuses."""

from collections.abc import Sequence
from typing import Final

from sidecar.multipart.events import Event, PartBegin
from sidecar.multipart.rules import MalformedError
from sidecar.policy.routing.router import Match
from sidecar.proxy.http.request_head import RequestHead
from sidecar.proxy.shapes.passed import Passed
from sidecar.proxy.shapes.raw_name import new_names
from sidecar.proxy.shapes.strictest_name import part_of, refuses

_PART: Final = b"destination"
"""What findings call the new name where they would name a field."""


class Renamed(Passed):
    """The name alone is judged: what is in the file was judged when it came."""

    def __init__(self, head: RequestHead, match: Match) -> None:
        refused = (named for named in new_names(head, match.paths) if refuses(match.policy, named))
        self._events: Sequence[Event] = [PartBegin(part_of(_PART, named)) for named in refused][:1]

    def feed(self, chunk: bytes) -> Sequence[Event]:  # noqa: ARG002 - whatever comes with it
        """The name, once."""
        events, self._events = self._events, ()
        return events

    def close(self) -> Sequence[Event]:
        """The name of a request without a body."""
        return self.feed(b"")


def gives_refused_name(head: RequestHead, match: Match) -> bool:
    """Whether the request moves or copies a file to where the policy lets no file of that name be put."""
    try:
        return any(refuses(match.policy, named) for named in new_names(head, match.paths))
    except MalformedError:
        return True
