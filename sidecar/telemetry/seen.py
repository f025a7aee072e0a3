"""What the audit log tells of an upload besides its verdict, noted while the parts go by."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sidecar.inspection.finding import printable
from sidecar.multipart.events import BodyEnd, Event, Part, PartEnd, SmallField
from sidecar.policy.routing.router import Match

MOST_FIELDS: Final = 32
"""Fields that are told of one by one; a policy may allow thousands."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field that is not a file, or an empty file input."""

    name: str
    """Safe to print, bounded."""
    size: int
    declared_type: str
    is_file: bool
    """An empty file input: it has a file name of no characters."""


class Seen:
    """Made for one upload where there is an audit log; keeps a bounded number of facts, whatever arrives.

    Attributes:
        match: the policy that the upload was judged by.
        path: of the request, as sent, without query.
        announced: bytes of the body as the head tells them; None where it does not.
        fields: the first of them that have ended.
        files: parts with a file name that have ended.
        largest_field: bytes.
        complete: the end of the body was read.
    """

    __slots__ = ("announced", "complete", "ended", "fields", "files", "largest_field", "match", "path")

    def __init__(self, match: Match, path: bytes, announced: int | None) -> None:
        self.match = match
        self.path = path
        self.announced = announced
        self.fields: list[Field] = []
        self.ended = self.files = self.largest_field = 0
        self.complete = False

    def before(self, receive: Callable[..., None]) -> Callable[..., None]:
        """A receiver of events that notes them before it hands them on."""

        def noting(*events: Event) -> None:
            for event in events:
                if isinstance(event, PartEnd):
                    self._note(event.part, event.size)
                elif isinstance(event, SmallField):
                    self._note(event.part, len(event.data))
                elif isinstance(event, BodyEnd):
                    self.complete = True
            receive(*events)

        return noting

    def _note(self, part: Part, size: int) -> None:
        self.ended += 1
        if part.holds_file:
            self.files += 1
            return
        self.largest_field = max(self.largest_field, size)
        if len(self.fields) < MOST_FIELDS:
            declared = printable(part.content_type or b"")
            self.fields.append(Field(printable(part.name), size, declared, part.is_file))
