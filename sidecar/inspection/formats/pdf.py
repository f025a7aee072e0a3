"""What a PDF can do beyond being read: every object is looked at, wherever it stands and whoever refers to it.

The cross-reference table is not believed: readers rebuild it where it is wrong, and each in its own way. So objects of
earlier versions of the document, and objects that nothing refers to, count as well.
"""

import re
from collections.abc import Iterator
from mmap import mmap
from typing import Any, Final, NamedTuple

from sidecar.inspection.formats.bounds import Budget, TooMuchError
from sidecar.inspection.formats.pdf_actions import TELLING, Stream, Survey
from sidecar.inspection.formats.pdf_streams import UnreadableStreamError, decode, raw_stream, stream_start
from sidecar.inspection.formats.pdf_syntax import Dictionary, named, read_object

_START: Final = re.compile(rb"(?<!end)obj|trailer")
_NUMBER: Final = re.compile(rb"(\d{1,10})[\0\t\n\f\r ]+\d{1,10}[\0\t\n\f\r ]*\Z")
_BEFORE: Final = 40
_OBJECTS, _FIRST, _N = named(b"ObjStm"), named(b"First"), named(b"N")
_PAIR: Final = re.compile(rb"[\0\t\n\f\r ]*+(\d{1,10})[\0\t\n\f\r ]++(\d{1,10})(?![\d.])")
_LEAST_WORK: Final = 16 * 1024 * 1024
_MOST_WORK: Final = 128 * 1024 * 1024
_WORK_PER_BYTE: Final = 8
_MOST_STREAMS: Final = 200_000
_LARGEST_STREAM: Final = 64 * 1024 * 1024
_OBJECT_STREAMS: Final = 128 * 1024 * 1024
"""Bytes of all object streams together, as they stand and as they come out of every filter."""
_ATTACHMENTS: Final = 512 * 1024 * 1024
"""The same of all attachments."""
_SPACE: Final = b"\0\t\n\f\r "


class _Table(NamedTuple):
    """What stands at the beginning of a stream of objects: where the first is, and how many there are."""

    first: int
    objects: int


def survey(data: bytes | mmap) -> Survey:
    """Look at every object; what could not be looked at is told under `unread`.

    Objects are read one by one only where a name tells that one of them could be of interest: most documents have none.
    """
    found = Survey()
    tells = TELLING.search(data) is not None
    if not tells and not _holds_objects(data):
        return found
    budget = Budget(min(_LEAST_WORK + len(data) * _WORK_PER_BYTE, _MOST_WORK), "objects")
    try:
        for start in _START.finditer(data):
            _take(data, start, found, budget)
        if tells or any(TELLING.search(text) for text, _ in _texts(data, found)):
            for text, table in _texts(data, found):
                _take_objects(text, table, found, budget)
    except TooMuchError as error:
        found.unread.add(f"too many {error}" if str(error) != "nesting" else "objects nested too deep")
    found.finish()
    return found


def _holds_objects(data: bytes | mmap) -> bool:
    """Whether a stream may hold other objects: readers know it by its First and N as well as by its Type."""
    return bool(_OBJECTS.search(data) or (_FIRST.search(data) and _N.search(data)))


def attachments(data: bytes | mmap, found: Survey) -> Iterator[tuple[bytes, bytes]]:
    """Name and bytes of every file within; those that cannot be read are told under `unread`."""
    budget = Budget(_ATTACHMENTS, "attachments")
    for number, name in found.attached.items():
        stream = found.streams.get(number)
        if stream is None:
            continue
        try:
            yield name, _decoded(data, stream, found, budget)
        except UnreadableStreamError as error:
            found.unread.add(f"an attachment: {error}")
        except TooMuchError as error:
            found.unread.add(f"too many {error}")
            return


def _decoded(data: bytes | mmap, stream: Stream, found: Survey, budget: Budget) -> bytes:
    lengths = [each for value in stream.entries.all(b"Length") for each in found.resolved(value)]
    raw = raw_stream(data, stream.start, [each for each in lengths if isinstance(each, int)], _LARGEST_STREAM)
    return decode(raw, stream.entries, _LARGEST_STREAM, budget)


def _take(data: bytes | mmap, start: re.Match[bytes], found: Survey, budget: Budget) -> None:
    budget.spend(_BEFORE)
    stood = read_object(data, start.end(), budget)
    number = _NUMBER.search(data[max(0, start.start() - _BEFORE) : start.start()])
    found.take(int(number[1]) if number else -1, stood.value)
    if not isinstance(stood.value, Dictionary):
        return
    begins = stream_start(data, stood.end, budget)
    if begins < 0 or len(found.streams) + len(found.of_objects) >= _MOST_STREAMS:
        return
    if any(kind == b"ObjStm" for kind in stood.value.all(b"Type")) or _could_be_objects(stood.value):
        found.of_objects.append(Stream(begins, stood.value))
    elif number:
        found.streams[int(number[1])] = Stream(begins, stood.value)
        if any(kind == b"EmbeddedFile" for kind in stood.value.all(b"Type")):
            found.attached.setdefault(int(number[1]), b"attachment")


def _could_be_objects(entries: Dictionary) -> bool:
    keys = {key for key, _ in entries}
    return {b"First", b"N"} <= keys


def _texts(data: bytes | mmap, found: Survey) -> Iterator[tuple[bytes, _Table]]:
    """Every stream of objects, decoded, one at a time."""
    budget = Budget(_OBJECT_STREAMS, "objects in streams")
    for stream in found.of_objects:
        try:
            table = _Table(_only(stream.entries, b"First"), _only(stream.entries, b"N"))
            text = _decoded(data, stream, found, budget)
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
    if taken < table.objects or text[position : table.first].strip(_SPACE):
        found.unread.add("objects in a stream: no table of them")


def _take_inner(text: bytes, at: int, number: int, found: Survey, budget: Budget) -> None:
    value: Any = read_object(text, at, budget).value if at < len(text) else None
    found.take(number, value)
