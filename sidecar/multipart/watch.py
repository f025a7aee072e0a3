"""The kinds of part whose data the grammar itself must see."""

import re
from typing import Final, Protocol

from sidecar.multipart import grammar
from sidecar.multipart.events import Part
from sidecar.multipart.rules import MalformedError
from sidecar.multipart.shown import shown

_MOST: Final = 32
_NO_TEXT: Final = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_UTF8: Final = frozenset({b"utf-8", b"utf8"})


class Watch(Protocol):
    """Sees the data of one part."""

    def feed(self, data: bytes | memoryview) -> None:
        """Some bytes of the part; raises MalformedError."""

    def end(self) -> None:
        """The part is complete; raises MalformedError."""


def watch_for(part: Part) -> Watch | None:
    """What must be known of the data of a part, None for nearly all of them."""
    if part.name == b"_charset_":  # aiohttp reads it even with a file name, and with an empty one
        return _CharsetField(is_file=part.is_file)
    if part.filename == b"":
        return _EmptyFile(part.name)
    return None if part.content_type is None or part.is_file or part.holds_file else _TextField()


class _EmptyFile:
    """An empty file input: browsers send an empty name and no data (WHATWG HTML, constructing the entry list)."""

    def __init__(self, name: bytes) -> None:
        self._name = name

    def feed(self, data: bytes | memoryview) -> None:  # noqa: ARG002 - what is in a file is not told
        raise MalformedError(grammar.FILENAME_EMPTY_WITH_DATA, f"data in the part {shown(self._name)}")

    def end(self) -> None:
        """No data came: as it must be."""


class _TextField:
    """A field with the type of a text, which formidable stores as a file that nobody examined: it must be one."""

    def feed(self, data: bytes | memoryview) -> None:
        if found := _NO_TEXT.search(data):
            raise MalformedError(grammar.FIELD_NOT_TEXT, shown(found[0]))

    def end(self) -> None:
        """Nothing more can be wrong."""


class _CharsetField:
    """The field that names the charset of all others (RFC 7578, section 4.6)."""

    def __init__(self, *, is_file: bool) -> None:
        self._value = b""
        self._is_file = is_file

    def feed(self, data: bytes | memoryview) -> None:
        self._value += bytes(data[: _MOST + 1 - len(self._value)])
        if len(self._value) > _MOST:
            raise self._error()

    def end(self) -> None:
        if self._value.lower() not in _UTF8:
            raise self._error()

    def _error(self) -> MalformedError:
        """Told without what is in a file."""
        return MalformedError(grammar.CHARSET_FIELD, "a file" if self._is_file else shown(self._value) or "empty")
