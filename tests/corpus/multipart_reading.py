"""What the sidecar makes of a body: its reading, and the body that it writes from it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sidecar.multipart.content_type import form_type
from sidecar.multipart.encoder import Encoder
from sidecar.multipart.events import Event, Part, PartBegin, PartData, PartEnd, SmallField
from sidecar.multipart.parser import Parser
from sidecar.multipart.rules import MalformedError
from tests.corpus.multipart_cases import Data, ServedPart

FRESH_BOUNDARY: Final = b"0Az9-0Az9-0Az9-0Az9-0Az9-0Az9-0Az9"
"""In the form of a canonical boundary, and in none of the bodies."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Verdict and parts; of a refused body only the rule, since events before the breach may come in other lumps."""

    rule: str | None
    notes: frozenset[str] = frozenset()
    parts: tuple[tuple[Part, bytes], ...] = ()

    @property
    def verdict(self) -> str:
        if self.rule is not None:
            return "refuse"
        return "normalise" if self.notes else "accept"


def read(content_types: Sequence[bytes], chunks: Iterable[bytes]) -> Reading:
    """Read a body that arrives in these chunks."""
    try:
        parser = Parser(form_type(content_types).boundary)
        events = [event for chunk in chunks for event in parser.feed(chunk)]
        parser.close()
    except MalformedError as error:
        return Reading(error.rule.code)
    return Reading(None, frozenset(parser.notes), tuple(_parts(events)))


def events_of(content_types: Sequence[bytes], body: bytes) -> list[Event]:
    """All events of a body that is not refused."""
    parser = Parser(form_type(content_types).boundary)
    events = parser.feed(body)
    parser.close()
    return events


def encode(events: Iterable[Event], boundary: bytes = FRESH_BOUNDARY) -> bytes:
    """The body that goes on."""
    encoder = Encoder(boundary)
    return b"".join(encoder.encode(events))


def served(reading: Reading) -> tuple[ServedPart, ...]:
    """The parts as the corpus tells them."""
    return tuple(
        ServedPart(part.name.decode(), _text(part.filename), _served_type(part), Data.of(data))
        for part, data in reading.parts
    )


def _served_type(part: Part) -> str | None:
    """A file without a type is binary (RFC 7578, section 4.4)."""
    return _text(part.content_type) or ("application/octet-stream" if part.is_file else None)


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode()


def _parts(events: Iterable[Event]) -> Iterable[tuple[Part, bytes]]:
    data: list[bytes] = []
    for event in events:
        match event:
            case SmallField(part, whole):
                yield part, whole
            case PartBegin():
                data = []
            case PartData(piece):
                data.append(bytes(piece))
            case PartEnd(part, size):
                whole = b"".join(data)
                assert size == len(whole)
                yield part, whole
