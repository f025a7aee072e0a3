"""The canonical body: one form that all parsers read alike, written from events.

Every part is CRLF, the delimiter, `Content-Disposition: form-data; name="..."` with `; filename="..."` for a file, and
`Content-Type`; no other header, no preamble, no epilogue. Names are written as the raw bytes that were read.

A field without a type stays without one. RFC 7578, section 4.4, makes that text/plain, and browsers send fields so;
formidable 2 and 3 store every part that has a type as a file (as its users report), so a type added here would
turn honest fields into files. A field that came with a type keeps it, and a file without one gets
application/octet-stream, which is what parsers assume.
"""

from collections.abc import Callable, Iterable
from typing import Final

from sidecar.multipart.events import Event, Part, PartBegin, PartData, PartEnd, SmallField

_ALPHABET: Final = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_LETTERS: Final = bytes(_ALPHABET[byte % len(_ALPHABET)] for byte in range(256))
"""256 is no multiple of 62: some characters are a quarter likelier, which leaves 5.6 bits in each."""
_SHORTEST: Final = 32
"""Characters of a boundary that cannot be guessed: 180 bits."""
_LONGEST: Final = 70
"""RFC 2046, section 5.1.1."""

Piece = bytes | memoryview


def fresh_boundary(random: Callable[[int], bytes], length: int) -> bytes:
    """A new boundary of letters and digits.

    Args:
        random: gives so many unpredictable bytes, as `secrets.token_bytes` does.
        length: of the client's boundary; as long where that is 32 to 70, so that a canonical body keeps its length.
    """
    size = min(max(length, _SHORTEST), _LONGEST)
    return random(size).translate(_LETTERS)


def content_type(boundary: bytes, charset_utf8: bool) -> bytes:  # noqa: FBT001 a fact about the request, not a switch
    """The Content-Type of a request with a fresh boundary; servlet containers go by the charset."""
    return b"multipart/form-data; boundary=" + boundary + (b"; charset=utf-8" if charset_utf8 else b"")


class Encoder:
    """Writes one body; what it gives for all its events, in order, is the body.

    Attributes:
        places: where in it the bytes of each file begin, by the number of its part.
    """

    def __init__(self, boundary: bytes) -> None:
        self._next = b"\r\n--" + boundary
        # The CRLF before a delimiter belongs to it (RFC 2046, section 5.1.1), but the first needs none.
        self._delimiter = b"--" + boundary
        self.places: dict[int, int] = {}
        self._size = 0

    def encode(self, events: Iterable[Event]) -> list[Piece]:
        """The pieces that stand for some events; data is passed on without a copy."""
        pieces: list[Piece] = []
        for event in events:
            if isinstance(event, PartData):
                pieces.append(event.data)
            elif isinstance(event, SmallField):
                pieces.append(self._begun(event.part) + event.data)
                self._size += len(event.data)
            elif isinstance(event, PartBegin):
                pieces.append(self._begun(event.part))
            elif isinstance(event, PartEnd):
                self._size += event.size
            else:
                pieces.append(self._delimiter + b"--\r\n")
        return pieces

    def _begun(self, part: Part) -> bytes:
        """Its delimiter and head."""
        begun, self._delimiter = self._delimiter + _head(part), self._next
        self._size += len(begun)
        if part.holds_file:
            self.places[part.number] = self._size
        return begun


def _head(part: Part) -> bytes:
    """All of a part but its data, from behind its delimiter."""
    disposition = b'\r\nContent-Disposition: form-data; name="' + part.name
    if part.filename is not None:
        declared = part.content_type or b"application/octet-stream"
        return disposition + b'"; filename="' + part.filename + b'"\r\nContent-Type: ' + declared + b"\r\n\r\n"
    if part.content_type is not None:
        return disposition + b'"\r\nContent-Type: ' + part.content_type + b"\r\n\r\n"
    return disposition + b'"\r\n\r\n'
