"""What the parser says as bytes arrive."""

from typing import NamedTuple

from sidecar.multipart.part_type import is_text


class Part(NamedTuple):
    """The head of one part, as it will go on.

    Names are the raw bytes between the quotes (valid UTF-8, no control characters): a `%22` cannot be told from an
    escaped quote, so they are never decoded and encoded again.
    """

    number: int
    """Position in the body, from 0."""
    name: bytes
    """Name of the form field."""
    filename: bytes | None
    """None for a field, b"" for an empty file input, else the base name that goes on."""
    content_type: bytes | None
    """Declared type, with those of its parameters that go on, as sent; None if there was none."""
    filename_as_sent: bytes | None = None
    """The file name with its path and trailing dots (of a `filename*`: decoded); None where `filename` is the same."""
    path_goes_on: bool = False
    """Whether the service gets the name with its path: of a raw file, in JSON and in what it unpacks itself."""

    @property
    def is_file(self) -> bool:
        """Whether the part has a file name (RFC 7578, section 4.2)."""
        return self.filename is not None

    @property
    def holds_file(self) -> bool:
        """Whether it is judged as a file: by its name or, where it has none at all, by a type that is no text's.

        busboy, formidable and multer take such parts for files, which RFC 7578, section 4.2, lets be without a name.
        """
        return bool(self.filename) or (
            self.filename is None and self.content_type is not None and not is_text(self.content_type)
        )


class PartBegin(NamedTuple):
    """A part's head is complete."""

    part: Part


class PartData(NamedTuple):
    """Some bytes of the part that began last; a view into the fed chunk where that saves a copy."""

    data: bytes | memoryview


class PartEnd(NamedTuple):
    """The part that began last is complete."""

    part: Part
    size: int
    """Bytes of data in it."""


class SmallField(NamedTuple):
    """A part without a file name that was here from its head to its end: all that the three above say, at once."""

    part: Part
    data: bytes


class BodyEnd(NamedTuple):
    """The close delimiter was read; only white space or an epilogue can follow."""

    parts: int


Event = PartBegin | PartData | PartEnd | SmallField | BodyEnd
