"""What a PDF can do beyond being read: every object is looked at, wherever it stands and whoever refers to it.

The cross-reference table is not believed: readers rebuild it where it is wrong, and each in its own way. So objects of
earlier versions of the document, and objects that nothing refers to, count as well.
"""

import re
from collections.abc import Iterator
from mmap import mmap
from typing import Any, Final

from sidecar.inspection.formats.bounds import Budget, TooMuchError
from sidecar.inspection.formats.pdf_actions import Stream, Survey
from sidecar.inspection.formats.pdf_streams import UnreadableStreamError, decode, raw_stream, stream_start
from sidecar.inspection.formats.pdf_syntax import Dictionary, Ref, read_object

_START: Final = re.compile(rb"(?<!end)obj|trailer")
_NUMBER: Final = re.compile(rb"(\d{1,10})[\0\t\n\f\r ]+\d{1,10}[\0\t\n\f\r ]*\Z")
_BEFORE: Final = 40
_PAIR: Final = re.compile(rb"\s*+(\d{1,10})\s++(\d{1,10})")
_LEAST_WORK: Final = 16 * 1024 * 1024
_MOST_WORK: Final = 128 * 1024 * 1024
_WORK_PER_BYTE: Final = 8
_MOST_STREAMS: Final = 200_000
_OBJECT_STREAMS: Final = 64 * 1024 * 1024
"""Bytes of all object streams together, inflated."""
_LARGEST_ATTACHMENT: Final = 64 * 1024 * 1024


def survey(data: bytes | mmap) -> Survey:
    """Look at every object; what could not be looked at is told under `unread`."""
    found = Survey()
    budget = Budget(min(_LEAST_WORK + len(data) * _WORK_PER_BYTE, _MOST_WORK), "objects")
    inflated = Budget(_OBJECT_STREAMS, "objects in streams")
    try:
        for start in _START.finditer(data):
            _take(data, start, found, budget, inflated)
    except TooMuchError as error:
        found.unread.add(f"too many {error}" if str(error) != "nesting" else "objects nested too deep")
    found.finish()
    return found


def attachments(data: bytes | mmap, found: Survey) -> Iterator[tuple[bytes, bytes]]:
    """Name and bytes of every file within; those that cannot be read are told under `unread`."""
    for number, name in found.attached.items():
        stream = found.streams.get(number)
        if stream is None:
            continue
        try:
            raw = raw_stream(data, stream.start, _lengths(stream.entries, found), _LARGEST_ATTACHMENT)
            yield name, decode(raw, stream.entries, _LARGEST_ATTACHMENT)
        except UnreadableStreamError as error:
            found.unread.add(f"an attachment: {error}")


def _take(data: bytes | mmap, start: re.Match[bytes], found: Survey, budget: Budget, inflated: Budget) -> None:
    budget.spend(_BEFORE)
    stood = read_object(data, start.end(), budget)
    number = _NUMBER.search(data[max(0, start.start() - _BEFORE) : start.start()])
    found.take(int(number[1]) if number else -1, stood.value)
    if not isinstance(stood.value, Dictionary):
        return
    begins = stream_start(data, stood.end)
    if begins < 0:
        return
    if any(kind == b"ObjStm" for kind in stood.value.all(b"Type")) or _could_be_objects(stood.value):
        _take_stream(data, begins, stood.value, found, budget, inflated)
    elif number and len(found.streams) < _MOST_STREAMS:
        found.streams[int(number[1])] = Stream(begins, stood.value)
        if any(kind == b"EmbeddedFile" for kind in stood.value.all(b"Type")):
            found.attached.setdefault(int(number[1]), b"attachment")


def _could_be_objects(entries: Dictionary) -> bool:
    """Readers know a stream of objects by its First and N as well."""
    keys = {key for key, _ in entries}
    return {b"First", b"N"} <= keys


def _lengths(entries: Dictionary, found: Survey) -> list[int]:
    values = [found.simple.get(each.number) if isinstance(each, Ref) else each for each in entries.all(b"Length")]
    return [each for each in values if isinstance(each, int)]


def _take_stream(
    data: bytes | mmap, begins: int, entries: Dictionary, found: Survey, budget: Budget, inflated: Budget
) -> None:
    """Look at the objects of one stream (section 7.5.7)."""
    try:
        raw = raw_stream(data, begins, _lengths(entries, found), _OBJECT_STREAMS)
        text = decode(raw, entries, _OBJECT_STREAMS)
    except UnreadableStreamError as error:
        found.unread.add(f"objects in a stream: {error}")
        return
    inflated.spend(len(text))
    first = max((each for each in entries.all(b"First") if isinstance(each, int)), default=0)
    position = 0
    while position < first and (pair := _PAIR.match(text, position)):
        position = pair.end()
        budget.spend(_BEFORE)
        _take_inner(text, first + int(pair[2]), int(pair[1]), found, budget)
    if not position and text.strip():
        found.unread.add("objects in a stream: no table of them")


def _take_inner(text: bytes, at: int, number: int, found: Survey, budget: Budget) -> None:
    value: Any = read_object(text, at, budget).value if at < len(text) else None
    found.take(number, value)
