"""Elements of ASN.1 in BER (X.690, 8.1), walked from the first to the last with every one inside of what holds it."""

from collections.abc import Iterator
from typing import Final

from sidecar.inspection.formats.anatomy import DamagedError, Data

OCTETS: Final = 0x04
SEQUENCE: Final = 0x30
SET: Final = 0x31
EXPLICIT: Final = 0xA0
"""The context-specific tag 0."""
CONSTRUCTED: Final = 0x20
_LONG_TAG: Final = 0x1F
_LENGTH_MOST: Final = 8
_ELEMENTS_MOST: Final = 500_000
"""Read one by one: 64 MiB in pieces of 1,000 bytes, as some libraries write, have 67,000."""
_VALUE_MOST: Final = 4096
_DEEP: Final = 64


class Walk:
    """A place among the elements.

    Attributes:
        at: where the next element begins.
    """

    def __init__(self, data: Data, at: int = 0, stop: int | None = None) -> None:
        self.at = at
        self._data = data
        self._levels = [(len(data) if stop is None else stop, False)]
        self._left = _ELEMENTS_MOST

    def tag(self) -> int:
        """That of the next element; -1 where this level ends."""
        stop, is_open = self._levels[-1]
        if self.at >= stop and not is_open:
            return -1
        if is_open and self._data[self.at : min(stop, self.at + 2)] == b"\0\0":
            return -1
        return self._byte(self.at)

    def enter(self, *tags: int) -> int:
        """Go into the next element, which must have one of these tags, and tell which.

        Raises:
            DamagedError: it has another, is not there, or reaches out of what holds it.
        """
        if (tag := self.tag()) not in tags:
            raise DamagedError("another structure")
        _, length = self._head()
        if len(self._levels) > _DEEP:
            raise DamagedError("too many levels")
        self._levels.append((self._levels[-1][0], True) if length is None else (self.at + length, False))
        return tag

    def leave(self) -> None:
        """Go behind the element that was entered last, which must have ended.

        Raises:
            DamagedError: something else stands in it.
        """
        if self.tag() != -1:
            raise DamagedError("more than there should be")
        _, is_open = self._levels.pop()
        self.at += 2 if is_open else 0

    def rest(self) -> None:
        """Go behind all that is left of this level, and leave it."""
        while self.tag() != -1:
            self.skip()
        self.leave()

    def skip(self) -> None:
        """Go behind the next element.

        Raises:
            DamagedError: it does not end where it should.
        """
        depth = 0
        while True:
            tag, length = self._head()
            depth += (length is None) - (depth > 0 and tag == 0 == length)
            self.at += length or 0
            if not depth:
                return

    def value(self, tag: int) -> bytes:
        """That of the next element, which must have this tag and is short.

        Raises:
            DamagedError: it has another.
        """
        self.enter(tag)
        start, (stop, is_open) = self.at, self._levels[-1]
        if is_open or stop - start > _VALUE_MOST:
            raise DamagedError("a value of excessive length")
        self.at = stop
        self.leave()
        return self._data[start:stop]

    def octets(self) -> Iterator[tuple[int, int]]:
        """Where the bytes of the next element stand, an octet string in one piece or in many (X.690, 8.7).

        Raises:
            DamagedError: it is none.
        """
        depth = len(self._levels)
        while True:
            tag = self.enter(OCTETS, OCTETS | CONSTRUCTED)
            if tag == OCTETS:
                start, (stop, is_open) = self.at, self._levels[-1]
                if is_open:
                    raise DamagedError("a value without a length")
                yield start, stop
                self.at = stop
            while len(self._levels) > depth and self.tag() == -1:
                self.leave()
            if len(self._levels) == depth:
                return

    def _byte(self, at: int) -> int:
        if at >= self._levels[-1][0]:
            raise DamagedError("an early end")
        return self._data[at]

    def _head(self) -> tuple[int, int | None]:
        """Tag and length of the next element, None for one that lasts until it is ended; the place is behind them."""
        self._left -= 1
        if self._left < 0:
            raise DamagedError("too many elements")
        tag, first = self._byte(self.at), self._byte(self.at + 1)
        self.at += 2
        if tag & _LONG_TAG == _LONG_TAG or (first == 0x80 and not tag & CONSTRUCTED):  # noqa: PLR2004
            raise DamagedError("an element that nobody writes")
        length = self._length(first)
        if length is not None and self.at + length > self._levels[-1][0]:
            raise DamagedError("an early end")
        return tag, length

    def _length(self, first: int) -> int | None:
        """X.690, 8.1.3."""
        size = first & 0x7F
        if first < 0x80:  # noqa: PLR2004
            return first
        if size > _LENGTH_MOST:
            raise DamagedError("an excessive length")
        if not size:
            return None
        self.at += size
        self._byte(self.at - 1)
        return int.from_bytes(self._data[self.at - size : self.at])
