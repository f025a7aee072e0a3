"""What single dictionaries of a PDF tell: actions, forms, attachments (ISO 32000-2, section 12.6)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final

from sidecar.inspection.formats.bounds import Budget, TooMuchError
from sidecar.inspection.formats.pdf.names import Name, named
from sidecar.inspection.formats.pdf.syntax import Dictionary, Ref, Word
from sidecar.inspection.formats.pdf.versions import FILE_NAMES, OPENS, TRIGGERS, Versions


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
_HOLDING: Final = frozenset({b"Movie", b"FDF"})
"""Under these stand dictionaries with a file that is opened: of a film, and of the form that data is for."""
# A name of a file that another machine gives (CVE-2018-4993: it takes the reader's password hash).
_ELSEWHERE: Final = re.compile(rb"\s*(?:[\\/]{2}|[a-z][a-z0-9+.-]{2,20}:/)", re.IGNORECASE)
_MOST_STEPS: Final = 200_000
_MOST_NAMES: Final = 32
TELLING: Final = named(
    *_BY_ACTION, *_REMOTE_ACTIONS, b"JS", b"RichMediaContent", b"RichMedia", b"XFA", b"OpenAction", b"AA", b"EF",
    b"EmbeddedFile", b"Encrypt", b"OnInstantiate", b"Movie", b"MCD", b"FDF",
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

    of_form: bool = False
    """Whether it is data for a form, whose scripts are of no action: readers run them when they take the data in."""
    features: set[Feature] = field(default_factory=set)
    encrypted: bool = False
    unread: set[str] = field(default_factory=set)
    """Why some objects could not be looked at."""
    streams: dict[int, list[Stream]] = field(default_factory=dict)
    """Streams by the number of their object, and those whose number could not be read."""
    stream_count: int = 0
    """How many there are; not all are kept."""
    of_objects: list[Stream] = field(default_factory=list)
    """Streams that hold other objects (section 7.5.7)."""
    attached: dict[int, list[bytes]] = field(default_factory=dict)
    """Numbers of the streams that are attachments, and all of their names."""
    versions: Versions = field(init=False)
    _triggered: list[Any] = field(default_factory=list)
    _elsewhere: dict[int, list[Any]] = field(default_factory=dict)
    """The files of each dictionary that may open one elsewhere, all of them once."""
    _named_elsewhere: dict[int, list[list[Any]]] = field(default_factory=dict)
    """Kinds of actions that are objects of their own, and the files of each dictionary that names them."""
    _files: list[tuple[Any, list[Any]]] = field(default_factory=list)
    """Tables of attached files, and the names of each."""

    def __post_init__(self) -> None:
        """Nothing is kept yet."""
        self.versions = Versions(self.unread)

    def take(self, number: int | None, value: Any) -> None:  # noqa: ANN401 - any object
        """Look at an object and at all that is written inside it; nothing refers to one that has no number."""
        if number is not None:
            self.versions.keep(number, value)
        for entries in _dictionaries(value):
            self._look(entries)

    def finish(self) -> None:
        """Follow what refers to other objects, once all of them are known.

        Raises:
            TooMuchError: there is more than any honest document has.
        """
        for number, lists in self._named_elsewhere.items():
            for kind in self.versions.resolved(Ref(number)):
                for files in lists:
                    self._act(kind, files)
        if self._opens(self._triggered):
            self.features.add(Feature.AUTOMATIC)
        named, budget = [name for files in self._elsewhere.values() for name in files], Budget(_MOST_STEPS, "files")
        if any(_ELSEWHERE.match(text) for value in _distinct(named) for text in self._file_names(value, budget)):
            self.features.add(Feature.REMOTE)
        budget = Budget(_MOST_STEPS, "attachments")
        for tables, names in self._files:
            self._attach(tables, names, budget)

    def _look(self, entries: Dictionary) -> None:
        keys = {key for key, _ in entries}
        if b"S" in keys:
            self._look_at_action(entries)
        if b"JS" in keys and b"S" in keys and any(isinstance(code, bytes | Ref) for code in entries.all(b"JS")):
            self.features.add(Feature.JAVASCRIPT)
        figures = entries.all(b"OnInstantiate") if b"OnInstantiate" in keys else ()  # ISO 32000-2, section 13.6.3.2
        if any(isinstance(code, Ref) for code in figures) or (self.of_form and b"JavaScript" in keys):
            self.features.add(Feature.JAVASCRIPT)
        for key in keys & _HOLDING:
            self._add_elsewhere(list(entries.all(key)))
        if b"RichMediaContent" in keys or any(kind == b"RichMedia" for kind in entries.all(b"Subtype")):
            self.features.add(Feature.RICH_MEDIA)
        if b"XFA" in keys and any(not isinstance(form, Name | int) for form in entries.all(b"XFA")):
            self.features.add(Feature.XFA)
        if keys & {b"Root", b"Size", b"ID"} and any(isinstance(key, Ref | list) for key in entries.all(b"Encrypt")):
            self.encrypted = True
        if b"OpenAction" in keys or b"AA" in keys:
            self._triggered += [*entries.all(b"OpenAction"), *entries.all(b"AA")]
        if b"EF" in keys:
            names = [name for key in FILE_NAMES for name in entries.all(key)]
            self._files += ((tables, names) for tables in entries.all(b"EF"))

    def _look_at_action(self, entries: Dictionary) -> None:
        files = list(entries.all(b"F"))
        if b"MCD" in entries.all(b"S"):
            self._add_elsewhere(list(entries.all(b"D")))
        for kind in entries.all(b"S"):
            if isinstance(kind, Ref):
                known = self._named_elsewhere.setdefault(kind.number, [])
                if not known or known[-1] is not files:  # a key can be given a thousand times
                    known.append(files)
            self._act(kind, files)

    def _act(self, kind: Any, files: list[Any]) -> None:  # noqa: ANN401 - any object
        if isinstance(kind, Name) and kind in _BY_ACTION:
            self.features.add(_BY_ACTION[kind])
        if isinstance(kind, Name) and kind in _REMOTE_ACTIONS:
            self._add_elsewhere(files)

    def _add_elsewhere(self, files: list[Any]) -> None:
        self._elsewhere[id(files)] = files

    def _attach(self, tables: Any, names: list[Any], budget: Budget) -> None:  # noqa: ANN401 - any object
        budget.spend(len(names) + 1)
        told = [text for name in names for text in self._texts(name)]
        for table in self.versions.resolved(tables):
            streams = [each for _, each in table if isinstance(each, Ref)] if isinstance(table, Dictionary) else []
            budget.spend(len(streams) * (len(told) + 1))
            for stream in streams:
                known = self.attached.setdefault(stream.number, [])
                known += [text for text in dict.fromkeys(told) if text not in known]
                if len(known) > _MOST_NAMES:
                    raise TooMuchError("names of an attachment")

    def _opens(self, values: list[Any]) -> bool:
        """Whether one of some actions, what follows on it, or one of a table opens an address.

        A table may hold what an action holds as well, so it is not asked which of them a dictionary is.
        """
        waiting, seen, budget = (
            [(value, False) for value in values],
            set[tuple[int, bool]](),
            Budget(_MOST_STEPS, "actions"),
        )
        while waiting:
            budget.spend(1)
            each, follows = waiting.pop()
            if isinstance(each, Ref) and (each.number, follows) not in seen:
                seen.add((each.number, follows))
                waiting += [(version, follows) for version in self.versions.of(each.number)]
            elif isinstance(each, Dictionary):
                if any(kind == OPENS for named in each.all(b"S") for kind in self.versions.resolved(named)):
                    return True
                waiting += [(inner, key == b"Next") for key, inner in each if key == b"Next" or key in TRIGGERS]
            elif isinstance(each, list) and follows:  # elsewhere a list is a place in the document
                waiting += [(inner, True) for inner in each]
        return False

    def _file_names(self, value: Any, budget: Budget, depth: int = 2) -> Iterator[bytes]:  # noqa: ANN401 - any object
        """The names of a file: a text, or a dictionary with such; what shows a film holds one of these."""
        for each in self.versions.resolved(value):
            budget.spend(1)
            if isinstance(each, Dictionary) and depth:
                for name in (name for key in FILE_NAMES for name in each.all(key)):
                    yield from self._file_names(name, budget, depth - 1)
            elif isinstance(each, bytes) and not isinstance(each, Name | Word):
                yield text_of(each)

    def _texts(self, value: Any) -> Iterator[bytes]:  # noqa: ANN401 - any object
        texts = (each for each in self.versions.resolved(value) if isinstance(each, bytes))
        return (text_of(text) for text in texts if not isinstance(text, Name | Word))


def text_of(text: bytes) -> bytes:
    """A text string in ASCII or UTF-8 (section 7.9.2.2); pdf.js knows UTF-16 of either order."""
    if text.startswith((b"\xfe\xff", b"\xff\xfe")):
        return text.decode("utf-16", "replace").encode("utf-8", "replace")
    return text.removeprefix(b"\xef\xbb\xbf")


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
