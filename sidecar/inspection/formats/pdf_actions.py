"""What single dictionaries of a PDF tell: actions, forms, attachments (ISO 32000-2, section 12.6)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final

from sidecar.inspection.formats.pdf_syntax import Dictionary, Name, Ref, named


class Feature(Enum):
    """What a document can do."""

    JAVASCRIPT = "JavaScript"
    LAUNCH = "an action that starts a program (Launch)"
    SUBMIT = "an action that sends a form (SubmitForm)"
    IMPORT = "an action that reads a file into a form (ImportData)"
    REMOTE = "an action that opens a file on another machine"
    AUTOMATIC = "an address that is opened without a click"
    RICH_MEDIA = "embedded rich media, which runs programs of its own"
    XFA = "an XFA form, which is a program of its own"


_BY_ACTION: Final = {
    b"JavaScript": Feature.JAVASCRIPT, b"Launch": Feature.LAUNCH, b"SubmitForm": Feature.SUBMIT,
    b"ImportData": Feature.IMPORT, b"RichMediaExecute": Feature.RICH_MEDIA,
}  # fmt: skip
_REMOTE_ACTIONS: Final = frozenset({b"GoToR", b"GoToE", b"Thread"})
_OPENS: Final = b"URI"
_TRIGGERS: Final = frozenset(
    {b"E", b"X", b"D", b"U", b"Fo", b"Bl", b"PO", b"PC", b"PV", b"PI", b"O", b"C", b"K", b"F", b"V", b"WC", b"WS",
     b"DS", b"WP", b"DP"}
)  # fmt: skip
# A name of a file that another machine gives (CVE-2018-4993: it takes the reader's password hash).
_ELSEWHERE: Final = re.compile(rb"\s*(?:[\\/]{2}|[a-z][a-z0-9+.-]{2,20}:/)", re.IGNORECASE)
_MOST_STEPS: Final = 100_000
_MOST_VERSIONS: Final = 32
TELLING: Final = named(
    *_BY_ACTION, *_REMOTE_ACTIONS, b"JS", b"RichMediaContent", b"RichMedia", b"XFA", b"OpenAction", b"AA", b"EF",
    b"EmbeddedFile",
)  # fmt: skip
"""A document that holds none of these names can do nothing of what is told here."""


@dataclass(slots=True)
class Stream:
    """Where a stream begins, and the dictionary before it."""

    start: int
    entries: Dictionary


@dataclass(slots=True)
class Survey:
    """What all dictionaries of a document tell."""

    features: set[Feature] = field(default_factory=set)
    encrypted: bool = False
    unread: set[str] = field(default_factory=set)
    """Why some objects could not be looked at."""
    simple: dict[int, list[Any]] = field(default_factory=dict)
    """Names, numbers and strings that are objects of their own, by number: readers differ in which of several holds."""
    kept: dict[int, list[Dictionary]] = field(default_factory=dict)
    """Actions, and tables of them, by the number of their object."""
    streams: dict[int, Stream] = field(default_factory=dict)
    of_objects: list[Stream] = field(default_factory=list)
    """Streams that hold other objects (section 7.5.7)."""
    attached: dict[int, bytes] = field(default_factory=dict)
    """Numbers of the streams that are attachments, and their names."""
    _triggered: list[Any] = field(default_factory=list)
    _elsewhere: list[Any] = field(default_factory=list)
    _named_elsewhere: set[int] = field(default_factory=set)

    def take(self, number: int, value: Any) -> None:  # noqa: ANN401 - any object
        """Look at an object and at all that is written inside it."""
        if isinstance(value, Name | int | bytes):
            self._keep(self.simple, number, value)
        if isinstance(value, Dictionary) and (_is_action(value) or _is_table(value) or _names_file(value)):
            self._keep(self.kept, number, value)
        for entries in _dictionaries(value):
            self._look(entries)

    def _keep(self, versions: dict[int, list[Any]], number: int, value: Any) -> None:  # noqa: ANN401 - any object
        """Keep a version of an object that others may refer to."""
        if number >= 0 and len(versions.setdefault(number, [])) < _MOST_VERSIONS:
            versions[number].append(value)
        elif number >= 0:
            self.unread.add("too many versions of an object")

    def finish(self) -> None:
        """Follow what refers to other objects, once all of them are known."""
        for number in self._named_elsewhere:
            for kind in self.simple.get(number, ()):
                self._act(kind)
        if self._opens(self._triggered):
            self.features.add(Feature.AUTOMATIC)
        if any(_ELSEWHERE.match(text) for value in _distinct(self._elsewhere) for text in self._file_names(value)):
            self.features.add(Feature.REMOTE)

    def _look(self, entries: Dictionary) -> None:
        keys = {key for key, _ in entries}
        for kind in entries.all(b"S"):
            self._act(kind)
            if isinstance(kind, Ref):
                self._named_elsewhere.add(kind.number)
            if isinstance(kind, Name) and kind in _REMOTE_ACTIONS:
                self._elsewhere += entries.all(b"F")
        if b"JS" in keys and b"S" in keys and any(isinstance(code, bytes | Ref) for code in entries.all(b"JS")):
            self.features.add(Feature.JAVASCRIPT)
        if b"RichMediaContent" in keys or any(kind == b"RichMedia" for kind in entries.all(b"Subtype")):
            self.features.add(Feature.RICH_MEDIA)
        if any(not isinstance(form, Name | int) for form in entries.all(b"XFA")):
            self.features.add(Feature.XFA)
        if b"Encrypt" in keys and keys & {b"Root", b"Size", b"ID"}:
            self.encrypted = True
        self._triggered += [*entries.all(b"OpenAction"), *entries.all(b"AA")]
        for files in entries.all(b"EF"):
            self._attach(files, entries)

    def _act(self, kind: Any) -> None:  # noqa: ANN401 - any object
        if isinstance(kind, Name) and kind in _BY_ACTION:
            self.features.add(_BY_ACTION[kind])

    def _attach(self, files: Any, entries: Dictionary) -> None:  # noqa: ANN401 - any object
        names = [name for key in (b"UF", b"F") for name in entries.all(key) if isinstance(name, bytes)]
        for stream in files if isinstance(files, Dictionary) else ():
            if isinstance(stream[1], Ref):
                self.attached[stream[1].number] = text_of(names[0]) if names else b"attachment"

    def _opens(self, values: list[Any]) -> bool:
        """Whether one of some actions, what follows on it, or one of a table opens an address."""
        waiting, seen, steps = [*values], set[int](), 0
        while waiting:
            steps += 1
            if steps > _MOST_STEPS:
                self.unread.add("too many actions")
                break
            each = waiting.pop()
            if isinstance(each, Ref) and each.number not in seen:
                seen.add(each.number)
                waiting += self.kept.get(each.number, ())
            elif isinstance(each, Dictionary):
                if any(kind == _OPENS for named in each.all(b"S") for kind in self.resolved(named)):
                    return True
                table = not _is_action(each)
                waiting += [inner for key, inner in each if key == b"Next" or (table and key in _TRIGGERS)]
            elif isinstance(each, list):
                waiting += each
        return False

    def resolved(self, value: Any) -> Sequence[Any]:  # noqa: ANN401 - any object
        """What may be meant by a name, number or string: itself, or all objects that it refers to."""
        return self.simple.get(value.number, ()) if isinstance(value, Ref) else (value,)

    def _file_names(self, value: Any) -> Iterator[bytes]:  # noqa: ANN401 - any object
        values = [*self.kept.get(value.number, ()), *self.resolved(value)] if isinstance(value, Ref) else [value]
        for each in values:
            keys = (b"F", b"UF", b"Unix", b"DOS") if isinstance(each, Dictionary) else ()
            named = [name for key in keys for name in each.all(key)] if keys else [each]
            yield from (text_of(text) for name in named for text in self.resolved(name) if isinstance(text, bytes))


def text_of(text: bytes) -> bytes:
    """A text string in ASCII or UTF-8 (section 7.9.2.2)."""
    return text[2:].decode("utf-16-be", "replace").encode() if text.startswith(b"\xfe\xff") else text


def _distinct(values: list[Any]) -> Iterator[Any]:
    """The values, each object that is referred to once: thousands may refer to one that is large."""
    yield from {value for value in values if isinstance(value, Ref)}
    yield from (value for value in values if not isinstance(value, Ref))


def _dictionaries(value: Any) -> Iterator[Dictionary]:  # noqa: ANN401 - any object
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, Dictionary):
            yield each
            waiting += [inner for _, inner in each if isinstance(inner, list)]
        elif isinstance(each, list):
            waiting += [inner for inner in each if isinstance(inner, list)]


def _is_action(entries: Dictionary) -> bool:
    return any(key == b"S" for key, _ in entries)


def _is_table(entries: Dictionary) -> bool:
    return bool(entries) and all(key in _TRIGGERS for key, _ in entries)


def _names_file(entries: Dictionary) -> bool:
    return any(key in {b"UF", b"EF"} or value == b"Filespec" for key, value in entries)
