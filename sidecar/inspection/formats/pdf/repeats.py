"""Objects that stand in a document again, byte for byte: a million of them are sent packed in 70 KB."""

from typing import Final

from sidecar.inspection.formats.anatomy import Data
from sidecar.inspection.formats.pdf.names import WHITE

_END: Final = b"endobj"
_LONGEST: Final = 256
_MOST_KEPT: Final = 4096


class Repeats:
    """What has been read, together with what tells its number before it."""

    def __init__(self, before: int) -> None:
        """Nothing has been read; `before` is the bytes that may tell a number."""
        self._before = before
        self._known: set[bytes] = set()

    def text(self, data: Data, start: int) -> bytes:
        """An object with what stands before it, for one whose word `obj` begins at `start`; empty for a long one."""
        end = data.find(_END, start, start + _LONGEST) if start >= self._before else -1
        return data[start - self._before : end] if end >= 0 else b""

    def __contains__(self, text: bytes) -> bool:
        """Whether the same has been read."""
        return text in self._known

    def keep(self, text: bytes, read: int) -> None:
        """Remember an object of which so many bytes from `obj` on were read, where nothing but its end follows."""
        ends = self._before + read
        if len(self._known) < _MOST_KEPT and ends <= len(text) and not text[ends:].strip(WHITE):
            self._known.add(text)
