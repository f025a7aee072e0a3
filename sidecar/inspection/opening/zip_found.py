"""An entry that some readers find within the bytes of another: what they take for its content."""

import zlib
from collections.abc import Iterator
from typing import Final, NamedTuple

from sidecar.inspection.formats.anatomy import DamagedError, Data
from sidecar.inspection.formats.containers.unpacking import Stream, stored
from sidecar.inspection.formats.containers.zip_header import Header

DESCRIPTOR: Final = b"PK\7\x08"


class Found(NamedTuple):
    """One such entry; whatever is packed, node's unzipper inflates."""

    name: bytes
    stored: bool
    start: int
    stop: int
    """Where its bytes end: by its size, or where the next descriptor stands."""
    crc: int
    measured: bool
    """Its size stands before it."""

    def pieces(self, data: Data) -> Iterator[bytes]:
        """Its content, as far as it can be read."""
        try:
            yield from self.unpacked(data)
        except DamagedError:
            return

    def unpacked(self, data: Data) -> Iterator[bytes]:
        """All of its content.

        Raises:
            DamagedError: it breaks.
        """
        if self.stored:
            return stored(data, self.start, self.stop)
        return Stream(data, self.start, self.stop, "deflate").pieces()


def found_behind(data: Data, header: Header) -> Found:
    """The entry whose header it is."""
    measured = header.packed > 0 or not header.described_behind
    stop = header.start + header.packed if measured else data.find(DESCRIPTOR, header.start)
    stop = min(stop, len(data)) if stop >= 0 else len(data)
    crc = header.crc if measured else int.from_bytes(data[stop + 4 : stop + 8], "little")
    return Found(header.name, header.method == 0, header.start, stop, crc, measured)


class Seams:
    """Tells what is cut by headers of deflated blocks: an archive in a deflated entry may stand there as it is.

    Its entries then are whole for nobody who does not inflate that entry first (RFC 1951, 3.2.4).
    """

    def __init__(self, data: Data, most: int) -> None:
        """Nothing was looked at yet.

        Args:
            data: the whole file.
            most: bytes that may come out of entries to look at them; others count as whole.
        """
        self._data = data
        self._left = most

    def cut(self, found: Found) -> bool:
        """Whether it breaks, or is not what its checksum says though it could hold such a header, of one or zero."""
        crc = 0
        try:
            for piece in found.unpacked(self._data):
                crc, self._left = zlib.crc32(piece, crc), self._left - len(piece)
                if self._left < 0:
                    return False
        except DamagedError:
            return True
        return found.stored and crc != found.crc and self._holds(found, b"\0", b"\1")

    def _holds(self, found: Found, *each: bytes) -> bool:
        return any(self._data.find(byte, found.start, found.stop) >= 0 for byte in each)
