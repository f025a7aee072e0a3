"""Files that stand in a JSON body as base64 or data URIs: inspected decoded, passed on as they were sent."""

from collections.abc import Sequence
from typing import Final

from sidecar.multipart.events import BodyEnd, Event, Part, PartBegin
from sidecar.multipart.filename import judged_filename, without_path
from sidecar.multipart.rules import MalformedError
from sidecar.multipart.shown import shown
from sidecar.policy.settings.bodies import Bodies
from sidecar.proxy.rules import FILE_NAMES_DIFFER, JSON_FILE_UNREADABLE, JSON_TOO_LARGE
from sidecar.proxy.shapes.json_scanner import JsonScanner, Text
from sidecar.proxy.shapes.json_strings import File, FileName, Level
from sidecar.proxy.shapes.raw_name import NAMELESS
from sidecar.proxy.shapes.shape import AsSent

_SLICE: Final = 64 * 1024
"""Bytes that are scanned at once: no call into C then holds the interpreter for long."""


class JsonFiles(AsSent):
    """Every file is a part, named after its member."""

    heavy = True

    def __init__(self, bodies: Bodies) -> None:
        self._most = bodies.json_max
        self._members = frozenset(each.casefold() for each in bodies.json_files if not each.startswith("/"))
        self._pointers = tuple(_steps(each) for each in bodies.json_files if each.startswith("/"))
        self._names = frozenset(each.casefold() for each in bodies.json_names)
        self._scanner = JsonScanner(self)
        self._levels: list[Level] = []
        self._events: list[Event] = []
        self._parts = 0
        self._received = 0

    @property
    def unseen(self) -> Sequence[Event]:
        """Events from before the breach."""
        return self._events

    def feed(self, chunk: bytes) -> Sequence[Event]:
        """The next bytes, scanned in slices."""
        self._received += len(chunk)
        if self._received > self._most:
            raise MalformedError(JSON_TOO_LARGE, f"more than {self._most} bytes")
        for start in range(0, len(chunk), _SLICE):
            self._scanner.feed(chunk[start : start + _SLICE])
        return self._taken()

    def close(self) -> Sequence[Event]:
        """The body has ended."""
        self._scanner.close()
        return (*self._taken(), BodyEnd(self._parts))

    def _taken(self) -> Sequence[Event]:
        events, self._events = self._events, []
        return events

    # What the scanner tells

    def open(self, bracket: str) -> None:
        """An object or an array."""
        is_object, of_files = bracket == "{", self._is_file()
        if is_object and of_files:
            raise MalformedError(JSON_FILE_UNREADABLE, "an object")
        self._levels.append(Level(is_object, of_files))

    def shut(self) -> None:
        """An object that is complete will say no more names."""
        self._let_go(self._levels.pop())

    def member(self, name: str) -> None:
        """The name of what follows; services may read it in any case."""
        self._levels[-1].name, self._levels[-1].step = name, name.casefold()

    def element(self) -> None:
        """The index of what follows."""
        level = self._levels[-1]
        level.index += 1
        level.step = str(level.index)

    def literal(self, *, null: bool) -> None:
        """Bytes could also be written as numbers."""
        if not null and self._is_file():
            raise MalformedError(JSON_FILE_UNREADABLE, "a number or a truth value")

    def text(self) -> Text | None:
        """A string: a file, the name of one, or neither."""
        if self._is_file():
            return File(self, next((each for each in reversed(self._levels) if each.is_object), None))
        level = self._levels[-1] if self._levels else None
        return FileName(self, level) if level and level.is_object and level.step in self._names else None

    def _is_file(self) -> bool:
        if not self._levels:
            return False
        level = self._levels[-1]
        return (
            level.of_files or (level.is_object and level.step in self._members) or any(map(self._fits, self._pointers))
        )

    def _fits(self, pointer: Sequence[str]) -> bool:
        return len(pointer) == len(self._levels) and all(
            step == level.step or (step == "*" and not level.is_object)
            for step, level in zip(pointer, self._levels, strict=True)
        )

    # What its strings tell

    def begin(self, file: File, own_name: bytes | None) -> bool:
        """Whether a file may begin, now that its first bytes are here; otherwise it waits for its name."""
        owner = file.owner
        if owner is None or own_name is not None or owner.filename is not None or not self._names:
            self._announce(file, own_name)
            return True
        owner.held.append(file)
        return False

    def _announce(self, file: File, own_name: bytes | None) -> None:
        given = file.owner.filename if file.owner else None
        filename = own_name if given is None else given
        if own_name is not None:
            self._refuse_another(given, own_name)
        if file.owner is not None and filename is not None:
            file.owner.used = filename
        sent = NAMELESS if filename is None else judged_filename(filename)
        base = without_path(sent, set())
        as_sent = None if base == sent else sent
        file.part = Part(self._parts, file.name, base, file.media_type, as_sent, path_goes_on=True)
        self._parts += 1
        self._events.append(PartBegin(file.part))

    def give(self, event: Event) -> None:
        """Tell of a file that has begun."""
        self._events.append(event)

    def call(self, level: Level, filename: bytes) -> None:
        """An object tells the name of its files."""
        self._refuse_another(level.filename, filename)
        self._refuse_another(level.used, filename)
        level.filename = filename
        self._let_go(level)

    def _refuse_another(self, one: bytes | None, other: bytes) -> None:
        if one is not None and one != other:
            raise MalformedError(FILE_NAMES_DIFFER, f"{shown(one)} and {shown(other)}")

    def _let_go(self, level: Level) -> None:
        for file in level.held:
            self._announce(file, None)
            file.let_go()
        level.held.clear()


def _steps(pointer: str) -> tuple[str, ...]:
    """The steps of a JSON pointer (RFC 6901, section 4), folded."""
    return tuple(step.replace("~1", "/").replace("~0", "~").casefold() for step in pointer[1:].split("/"))
