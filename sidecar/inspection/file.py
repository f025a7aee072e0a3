"""What is known of one file of an upload while, and after, it arrives."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from sidecar.inspection.types.content import Content, content_of
from sidecar.multipart.events import Part


@dataclass(slots=True)
class File:
    """One file part; grows while the file arrives."""

    part: Part
    head: bytes = b""
    """The first bytes, at most HEAD_SIZE."""
    content_type: str = ""
    """Content type by libmagic, known when the checks `look`; empty for an empty file."""
    size: int = 0
    sha256: str = ""
    """Hexadecimal, known when the file has ended."""
    wanted_by: tuple[str, ...] = ()
    """Names of the checks that want to examine it whole, known when they have looked."""
    content: Content | None = None
    """What its head shows, once a check has asked."""
    stripped: "Stripped | None" = None
    """What is left of it without its metadata, where these go."""

    def shown(self) -> Content:
        """What its head shows; to be asked first while the head is there."""
        if self.content is None:
            self.content = content_of(self.content_type, self.head)
        return self.content

    def __reduce__(self) -> tuple[Any, ...]:
        """Without what its head shows, which another process can find out for itself."""
        return File, (self.part, self.head, self.content_type, self.size, self.sha256, self.wanted_by)


@dataclass(frozen=True, slots=True)
class Stripped:
    """A file without its metadata, as it goes on."""

    size: int
    sha256: str
    """Hexadecimal."""


class FileRecord(NamedTuple):
    """What is told of a file when all is done."""

    field: str
    """Name of the form field."""
    filename: str
    """File name that went on, as text."""
    declared_type: str
    content_type: str
    size: int
    sha256: str
    """Of the file as it came, as is the size."""
    filename_as_sent: bytes | None = None
    """With its path; None where it is the same."""
    content: Content | None = None
    """What the first bytes show; None where no check has asked."""
    stripped: Stripped | None = None
    """The file as it goes on, where it loses its metadata."""


def record_of(file: File) -> FileRecord:
    """The lasting part of a File."""
    return FileRecord(
        field=file.part.name.decode(errors="backslashreplace"),
        filename=(file.part.filename or b"").decode(errors="backslashreplace"),
        declared_type=(file.part.content_type or b"").decode("latin-1"),
        content_type=file.content_type,
        size=file.size,
        sha256=file.sha256,
        filename_as_sent=file.part.filename_as_sent,
        content=file.content,
        stripped=file.stripped,
    )


def parted(data: bytes | memoryview, room: int) -> tuple[bytes | memoryview, memoryview | None]:
    """What still belongs to the head, and the rest where the head is then complete."""
    return (data, None) if len(data) < room else (data[:room], memoryview(data)[room:])
