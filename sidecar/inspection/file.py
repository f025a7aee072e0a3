"""What is known of one file of an upload while, and after, it arrives."""

from dataclasses import dataclass

from sidecar.multipart.events import Part

HEAD_SIZE = 4096
"""Bytes kept from the start of every file: enough for libmagic, little enough to stay quick on hostile text."""


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


@dataclass(frozen=True, slots=True)
class FileRecord:
    """What is told of a file when all is done."""

    field: str
    """Name of the form field."""
    filename: str
    """File name that went on, as text."""
    declared_type: str
    content_type: str
    size: int
    sha256: str


def record_of(file: File) -> FileRecord:
    """The lasting part of a File."""
    return FileRecord(
        field=file.part.name.decode(errors="backslashreplace"),
        filename=(file.part.filename or b"").decode(errors="backslashreplace"),
        declared_type=(file.part.content_type or b"").decode("latin-1"),
        content_type=file.content_type,
        size=file.size,
        sha256=file.sha256,
    )


def parted(data: bytes | memoryview, room: int) -> tuple[bytes | memoryview, memoryview | None]:
    """What still belongs to the head, and the rest where the head is then complete."""
    return (data, None) if len(data) < room else (data[:room], memoryview(data)[room:])
