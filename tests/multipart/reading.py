"""Bodies made and read in tests: one way to write what parts a body has, whatever the cuts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sidecar.multipart.encoder import Encoder
from sidecar.multipart.events import BodyEnd, Event, Part, PartBegin, PartData, PartEnd, SmallField
from sidecar.multipart.limits import DEFAULT_LIMITS, Limits
from sidecar.multipart.parser import Parser
from sidecar.multipart.rules import MalformedError

BOUNDARY = b"BB"


@dataclass
class Reading:
    """What the parser made of a body; equal for equal verdicts."""

    parts: list[tuple[Part, bytes]] = field(default_factory=list)
    refusal: str | None = None
    notes: set[str] = field(default_factory=set)
    ended: int | None = None

    def take(self, event: Event) -> None:
        match event:
            case PartBegin(part):
                self.parts.append((part, b""))
            case PartData(data):
                part, before = self.parts[-1]
                self.parts[-1] = (part, before + data)
            case SmallField(part, data):
                self.parts.append((part, data))
            case PartEnd(part, size):
                assert self.parts[-1][0] is part
                assert size == len(self.parts[-1][1])
            case BodyEnd(parts):
                assert parts == len(self.parts)
                self.ended = parts

    @property
    def verdict(self) -> tuple[str | None, int | None, set[str], list[Part]]:
        """All but the data: of a part that is refused for its data, more or less of it was given before."""
        return self.refusal, self.ended, self.notes, [part for part, _ in self.parts]

    @property
    def content(self) -> list[tuple[bytes, bytes | None, bytes | None, bytes]]:
        """What a service sees of the parts."""
        return [(part.name, part.filename, part.content_type, data) for part, data in self.parts]


def read(pieces: Iterable[bytes], boundary: bytes = BOUNDARY, limits: Limits = DEFAULT_LIMITS) -> Reading:
    """Feed the pieces; the events from before a breach count, in whichever piece they came."""
    parser, reading = Parser(boundary, limits), Reading()
    try:
        for piece in pieces:
            for event in parser.feed(piece):
                reading.take(event)
        parser.close()
    except MalformedError as error:
        reading.refusal = error.rule.code
        for event in parser.unseen:
            reading.take(event)
    reading.notes = parser.notes
    return reading


def whole(body: bytes, boundary: bytes = BOUNDARY, limits: Limits = DEFAULT_LIMITS) -> Reading:
    return read([body], boundary, limits)


def every(body: bytes, size: int) -> Iterator[bytes]:
    """The body in pieces of one size."""
    return (body[start : start + size] for start in range(0, len(body), size))


def cuts(body: bytes) -> Iterator[list[bytes]]:
    """Byte by byte, in small pieces, and in two at every offset."""
    for size in (1, 2, 3, 7):
        yield list(every(body, size))
    for offset in range(1, len(body)):
        yield [body[:offset], body[offset:]]


def body_of(*parts: bytes, boundary: bytes = BOUNDARY) -> bytes:
    """A body whose parts are given as header block, blank line and data."""
    return b"".join(b"--%b\r\n%b\r\n" % (boundary, part) for part in parts) + b"--%b--\r\n" % boundary


def field_part(name: bytes = b"f", value: bytes = b"v") -> bytes:
    return b'Content-Disposition: form-data; name="%b"\r\n\r\n%b' % (name, value)


def part_with(disposition: bytes, data: bytes = b"v") -> bytes:
    return b"Content-Disposition: %b\r\n\r\n%b" % (disposition, data)


def encoded(reading: Reading, boundary: bytes = BOUNDARY) -> bytes:
    """The canonical body of what was read."""
    encoder, pieces = Encoder(boundary), []
    for part, data in reading.parts:
        for event in (PartBegin(part), PartData(data), PartEnd(part, len(data))):
            pieces.extend(encoder.encode((event,)))
    pieces.extend(encoder.encode((BodyEnd(len(reading.parts)),)))
    return b"".join(pieces)
