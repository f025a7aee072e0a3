"""What a walk over the structure of an image tells, without a pixel decoded."""

from dataclasses import dataclass, field
from mmap import mmap
from struct import Struct
from struct import error as struct_error
from typing import Any, Final

Data = bytes | mmap
"""A file of any format, as it is read here."""

MOST_STEPS: Final = 200_000
"""Blocks that are followed in one file: a tenth of a second, and far more than honest encoders write."""
MOST_SPANS: Final = 10_000
MOST_NOTED: Final = 16 * 1024 * 1024
"""Bytes that are no pixels, in all spans of one file; those of a TIFF can overlap."""


class DamagedError(Exception):
    """A file cannot be read any further; the message says why, and holds nothing of the input."""


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes of a file that are no pixels."""

    kind: str
    """`comment`, `text`, `XMP`, `EXIF`, `ICC profile`, `palette`, ..."""
    start: int
    end: int
    packed: bool = False
    """Compressed with zlib."""


@dataclass(slots=True)
class Anatomy:
    """One image; grows while it is walked, so that a walk which ends early has told what it saw."""

    format: str
    width: int = 0
    height: int = 0
    frames: int = 0
    pixels: int = 0
    """Of the largest single image in the file."""
    spans: list[Span] = field(default_factory=list)
    image_end: int | None = None
    """Where the image ends by its own end marker or length; None where the format has no end."""
    end: int | None = None
    """The same, with what honest cameras write behind it."""
    fault: str = ""
    """Why the structure could not be followed to its end."""
    steps: int = 0
    noted: int = 0
    """Bytes in all spans."""
    overfull: bool = False
    """There are more spans than are kept."""

    def measure(self, width: int, height: int) -> None:
        """Take in the size of the image, or of one of several."""
        if width * height >= self.pixels:
            self.width, self.height, self.pixels = width, height, width * height

    def note(self, kind: str, start: int, end: int, *, packed: bool = False) -> None:
        """Take in bytes that are no pixels."""
        if end <= start:
            return
        self.noted += end - start
        if len(self.spans) < MOST_SPANS and self.noted <= MOST_NOTED:
            self.spans.append(Span(kind, start, end, packed))
        else:
            self.overfull = True

    def step(self) -> None:
        """Count one block.

        Raises:
            DamagedError: there are too many.
        """
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise DamagedError(f"more than {MOST_STEPS} blocks")


def unpack(layout: Struct, data: Data, at: int) -> tuple[Any, ...]:
    """Numbers at one place.

    Raises:
        DamagedError: the file ends before.
    """
    try:
        return layout.unpack_from(data, at)
    except (struct_error, OverflowError) as error:  # an offset beyond 2**63 is no place at all
        raise DamagedError("it ends too early") from error


def require(data: Data, end: int) -> int:
    """An end that lies within the file.

    Raises:
        DamagedError: it does not.
    """
    if end > len(data):
        raise DamagedError("it ends too early")
    return end
