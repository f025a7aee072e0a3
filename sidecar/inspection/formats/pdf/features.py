"""What a PDF can do beyond being read: every object is looked at, wherever it stands and whoever refers to it.

The cross-reference table is not believed: readers rebuild it where it is wrong, and each in its own way. So objects of
earlier versions of the document, and objects that nothing refers to, count as well.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from typing import Final, NamedTuple

from sidecar.inspection.formats.anatomy import Data
from sidecar.inspection.formats.bounds import Budget, TooMuchError
from sidecar.inspection.formats.pdf.actions import TELLING, Stream, Survey
from sidecar.inspection.formats.pdf.names import SPACE, WHITE, named
from sidecar.inspection.formats.pdf.repeats import Repeats
from sidecar.inspection.formats.pdf.streams import UnreadableStreamError, decode, raw_stream, stream_start
from sidecar.inspection.formats.pdf.syntax import Dictionary, Stood, read_object
from sidecar.inspection.formats.pdf.versions import UNNUMBERED

# Two patterns, each of one word: `re` looks for their letters ten times as fast as for a choice.
_STARTS: Final = (re.compile(rb"obj(?<!endobj)"), re.compile(rb"trailer"))
_NUMBER: Final = re.compile(
    rb"(?<=[^\d.+-])(?<!\d[eE])(\d{1,10})[%(space)b]+\d{1,10}[%(space)b]*\Z" % {b"space": SPACE}
)
_UNCLEAR: Final = re.compile(rb"(?:\d|[\r\n]|\A)[%b]*\Z" % SPACE)
"""Where a number may stand behind a comment, or behind more space than is looked at."""
_BEFORE: Final = 40
_OBJECTS, _FIRST, _N = named(b"ObjStm"), named(b"First"), named(b"N")
_PAIR: Final = re.compile(rb"[%b]*+(\d{1,10})[%b]++(\d{1,10})(?![\d.])" % (SPACE, SPACE))
_LEAST_WORK: Final = 4 * 1024 * 1024
_MOST_WORK: Final = 128 * 1024 * 1024
_WORK_PER_BYTE: Final = 8
"""For every byte of the document, and of the objects that its streams hold packed."""
_MOST_STREAMS: Final = 200_000
_LARGEST_STREAM: Final = 64 * 1024 * 1024
_OBJECT_STREAMS: Final = 128 * 1024 * 1024
"""Bytes of all object streams together, as they stand and as they come out of every filter."""
_ATTACHMENTS: Final = 512 * 1024 * 1024
"""The same of all attachments."""
_HEADER: Final = b"%PDF-"
_FORM_DATA: Final = b"%FDF-"
STANDARD: Final = 1024
"""Where most readers expect the header to begin at the latest (ISO 32000-1, annex H.3.4.1)."""
_LATEST: Final = 4096
"""Where MuPDF does, who takes a file for a PDF by that alone (measured with 1.28)."""


class _Table(NamedTuple):
    """What stands at the beginning of a stream of objects: where the first is, and how many there are."""

    first: int
    objects: int


def pdf_header(data: Data, start: int = 0, latest: int = _LATEST) -> int:
    """Where a reader finds the header; or -1."""
    return data.find(_HEADER, start, latest + len(_HEADER))


def is_form_data(data: Data) -> bool:
    """Whether it is data for a form (FDF, section 12.7.8)."""
    return data[: len(_FORM_DATA)] == _FORM_DATA


def survey(data: Data) -> Survey:
    """Look at every object; what could not be looked at is told under `unread`.

    Objects are read one by one only where a name tells that one of them could be of interest: most documents have none.
    """
    found = Survey(of_form=is_form_data(data))
    tells = TELLING.search(data) is not None
    if not tells and not _holds_objects(data):
        return found
    work = min(_LEAST_WORK + len(data) * _WORK_PER_BYTE, _MOST_WORK)
    budget = Budget(work, "objects")
    with _bounded(found):
        _take_all(data, found, budget)
        if tells or any(TELLING.search(text) for text, _ in _texts(data, found)):
            _take_packed(data, found, budget, _MOST_WORK - work)
    with _bounded(found):
        found.finish()
    return found


def _take_all(data: Data, found: Survey, budget: Budget) -> None:
    """Look at the objects that stand in the document itself; those that stand there again are looked at once."""
    repeats = Repeats(_BEFORE)
    for start in chain.from_iterable(pattern.finditer(data) for pattern in _STARTS):
        text = repeats.text(data, start.start())
        budget.spend(_BEFORE)
        if text not in repeats:
            repeats.keep(text, _take(data, start, found, budget) - start.start())


def _take_packed(data: Data, found: Survey, budget: Budget, room: int) -> None:
    """Look at the objects that its streams hold; they bring work of their own, until no more fits in the room."""
    for text, table in _texts(data, found):
        more = min(len(text) * _WORK_PER_BYTE, room)
        room -= more
        budget.allow(more)
        _take_objects(text, table, found, budget)


@contextmanager
def _bounded(found: Survey) -> Iterator[None]:
    """Where there is too much, the rest is told as unread."""
    try:
        yield
    except TooMuchError as error:
        found.unread.add(f"too many {error}" if str(error) != "nesting" else "objects nested too deep")


def _holds_objects(data: Data) -> bool:
    """Whether a stream may hold other objects: readers know it by its First and N as well as by its Type."""
    return bool(_OBJECTS.search(data) or (_FIRST.search(data) and _N.search(data)))


def attachments(data: Data, found: Survey) -> Iterator[tuple[bytes, bytes]]:
    """Name and bytes of every file within; those that cannot be read are told under `unread`.

    One with several names comes once under each. What stands within another is likely to be a part of it that has its
    number by chance, as in a document that is attached as it is: so it comes without a name.
    """
    budget, reached = Budget(_ATTACHMENTS, "attachments"), 0
    with _bounded(found):
        for stream, names in _attached(found):
            try:
                raw = _raw(data, stream, found)
                own, reached = stream.start >= reached, max(reached, stream.start + len(raw))
                text = decode(raw, stream.entries, _LARGEST_STREAM, budget)
            except UnreadableStreamError as error:
                found.unread.add(f"an attachment: {error}")
            else:
                yield from ((name, text) for name in (names if own and names else [b"attachment"]))


def _attached(found: Survey) -> list[tuple[Stream, list[bytes]]]:
    """All streams that may be attachments, in their order, with their names."""
    if found.stream_count > _MOST_STREAMS or not found.streams.keys() >= found.attached.keys():
        found.unread.add("an attachment that is nowhere")
    every = [*found.attached.items(), (UNNUMBERED, list[bytes]())]
    streams = [(stream, names) for number, names in every for stream in found.streams.get(number, ())]
    return sorted(streams, key=lambda each: each[0].start)


def _raw(data: Data, stream: Stream, found: Survey) -> bytes:
    lengths = [each for value in stream.entries.all(b"Length") for each in found.versions.resolved(value)]
    return raw_stream(data, stream.start, [each for each in lengths if isinstance(each, int)], _LARGEST_STREAM)


def _take(data: Data, start: re.Match[bytes], found: Survey, budget: Budget) -> int:
    """Look at an object; where it ends."""
    stood = read_object(data, start.end(), budget)
    number = _number(data, start)
    _take_value(number, stood, found)
    begins = stream_start(data, stood.end, budget) if isinstance(stood.value, Dictionary) else -1
    if begins >= 0 and number is not None:
        _take_stream(number, Stream(begins, stood.value), found)
    return stood.end


def _number(data: Data, start: re.Match[bytes]) -> int | None:
    """The number of an object; None for what is none: a trailer, or a word of a text."""
    before = data[max(0, start.start() - _BEFORE) : start.start()]
    if number := _NUMBER.search(before):
        return int(number[1])
    return UNNUMBERED if start[0] == b"obj" and _UNCLEAR.search(before) else None


def _take_stream(number: int, stream: Stream, found: Survey) -> None:
    kinds = set(stream.entries.all(b"Type"))
    if b"ObjStm" in kinds or {b"First", b"N"} <= {key for key, _ in stream.entries}:
        found.of_objects.append(stream)
    found.stream_count += 1
    if found.stream_count <= _MOST_STREAMS:
        found.streams.setdefault(number, []).append(stream)
    if b"EmbeddedFile" in kinds and number != UNNUMBERED:
        found.attached.setdefault(number, [])


def _texts(data: Data, found: Survey) -> Iterator[tuple[bytes, _Table]]:
    """Every stream of objects, decoded, one at a time."""
    budget = Budget(_OBJECT_STREAMS, "objects in streams")
    for stream in found.of_objects:
        try:
            table = _Table(_only(stream.entries, b"First"), _only(stream.entries, b"N"))
            text = decode(_raw(data, stream, found), stream.entries, _LARGEST_STREAM, budget)
        except UnreadableStreamError as error:
            found.unread.add(f"objects in a stream: {error}")
        else:
            yield text, table


def _only(entries: Dictionary, key: bytes) -> int:
    """The number under a key; of two, some readers take the first and some the last."""
    numbers = list(entries.all(key))
    if not numbers or not isinstance(numbers[0], int) or any(each != numbers[0] for each in numbers):
        raise UnreadableStreamError("no table of them")
    return numbers[0]


def _take_objects(text: bytes, table: _Table, found: Survey, budget: Budget) -> None:
    """Look at the objects of one stream: some readers believe N, and some where the first begins."""
    position = taken = 0
    while (position < table.first or taken < table.objects) and (pair := _PAIR.match(text, position)):
        position, taken = pair.end(), taken + 1
        budget.spend(_BEFORE)
        _take_inner(text, table.first + int(pair[2]), int(pair[1]), found, budget)
    if taken < table.objects or text[position : table.first].strip(WHITE):
        found.unread.add("objects in a stream: no table of them")


def _take_inner(text: bytes, at: int, number: int, found: Survey, budget: Budget) -> None:
    _take_value(number, read_object(text, at, budget) if at < len(text) else Stood(None, at), found)


def _take_value(number: int | None, stood: Stood, found: Survey) -> None:
    found.take(number, stood.value)
    if not stood.clear:
        found.unread.add("a name that is read in several ways")
