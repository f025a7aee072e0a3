"""Strings of a JSON body that matter: files, and the names of files."""

from dataclasses import dataclass, field
from typing import Protocol

from sidecar.multipart.events import Event, Part, PartData, PartEnd
from sidecar.multipart.rules import MalformedError
from sidecar.proxy.rules import JSON_BEYOND_BOUND
from sidecar.proxy.shapes.base64_text import Base64Text
from sidecar.proxy.shapes.json_scanner import MAX_NAME, unescaped


@dataclass(slots=True)
class Level:
    """One object or array that is open."""

    is_object: bool
    of_files: bool
    """An array whose elements are files, since it is itself called one."""
    step: str = ""
    """The member or index under way, folded."""
    name: str = ""
    """The member as it is written."""
    index: int = -1
    filename: bytes | None = None
    """What the object calls its file."""
    used: bytes | None = None
    """The name under which a file of this object went on."""
    held: list["File"] = field(default_factory=list)
    """Files that wait for their name."""


class Body(Protocol):
    """Where the strings stand."""

    def begin(self, file: "File", own_name: bytes | None) -> bool:
        """Whether a file may begin, now that its first bytes are here; otherwise it waits for its name."""

    def give(self, event: Event) -> None:
        """Tell of a file that has begun."""

    def call(self, level: "Level", filename: bytes) -> None:
        """An object tells the name of its files."""


class File:
    """One string that is a file."""

    def __init__(self, body: Body, owner: Level | None) -> None:
        self.owner = owner
        self.part: Part | None = None
        self.name = (owner.name if owner else "").encode(errors="backslashreplace") or b"body"
        self._body = body
        self._base64 = Base64Text()
        self._held: list[bytes] | None = None
        self._size = 0

    @property
    def media_type(self) -> bytes | None:
        """What its data URI declares."""
        return self._base64.media_type

    def take(self, raw: str) -> None:
        """Some characters."""
        self._give(self._base64.feed(unescaped(raw)))

    def end(self) -> None:
        """The string is complete."""
        self._give(self._base64.close())
        if self.part is not None:
            self._body.give(PartEnd(self.part, self._size))

    def _give(self, data: bytes) -> None:
        if not data:
            return
        if not self._size and not self._body.begin(self, self._base64.filename):
            self._held = []
        self._size += len(data)
        if self._held is None:
            self._body.give(PartData(data))
        else:
            self._held.append(data)

    def let_go(self) -> None:
        """Tell all that was held; the name is known, or will never be."""
        for data in self._held or ():
            self._body.give(PartData(data))
        if self.part is not None:
            self._body.give(PartEnd(self.part, self._size))


class FileName:
    """One string that names the files beside it."""

    def __init__(self, body: Body, level: Level) -> None:
        self._body = body
        self._level = level
        self._raw = ""

    def take(self, raw: str) -> None:
        """Some characters."""
        self._raw += raw
        if len(self._raw) > MAX_NAME:
            raise MalformedError(JSON_BEYOND_BOUND, f"a file name of more than {MAX_NAME} characters")

    def end(self) -> None:
        """The string is complete."""
        if name := unescaped(self._raw):
            self._body.call(self._level, name.encode("utf-8", "surrogatepass"))
