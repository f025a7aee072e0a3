"""The codes of Word's fields, one within another, from what begins, parts and ends them and the pieces between."""

import re
from collections.abc import Iterator
from itertools import chain, combinations
from typing import Final

_QUOTE: Final = re.compile(r"\s*QUOTE((?:\s+\d{1,5})+)\s*", re.IGNORECASE)
_MOST_DOUBTS: Final = 4
"""Ways of being left out, in the pieces of one field: each doubles what its code could be."""
_MOST_READ: Final = 1_000_000
"""Pieces of codes in doubt that are put together, in all of their readings: half a second of computing."""
_PIECE: Final = 64
"""Characters that take as long as another piece."""
_RESULT: Final = "result"


class _Field:
    """One field."""

    __slots__ = ("ended", "pieces", "shows", "told")

    def __init__(self, shows: "_Field | None" = None) -> None:
        self.pieces: list[tuple[str, str]] = []
        """What makes a reader leave it out (empty: nothing does), and text."""
        self.ended = False
        """Whether its code is complete; its result or its end follows."""
        self.told = False
        """Whether its result is known from its code."""
        self.shows = shows
        """The field whose code its result is a part of."""

    def readings(self, doubts: list[str]) -> Iterator[str]:
        """What its code is, with the pieces of each of these doubts and without."""
        for left_out in map(set, chain.from_iterable(combinations(doubts, size) for size in range(len(doubts) + 1))):
            yield "".join([text for doubt, text in self.pieces if doubt not in left_out])

    @property
    def size(self) -> int:
        """How long it takes to put it together once, in pieces."""
        return len(self.pieces) + sum(len(text) for _, text in self.pieces) // _PIECE

    @property
    def doubts(self) -> list[str]:
        """Why a reader may leave out some of its pieces."""
        return list(dict.fromkeys([doubt for doubt, _ in self.pieces if doubt]))


class Codes:
    """The fields of one part.

    Attributes:
        done: the codes that are complete, in each of their readings.
        unclear: whether some field could be read in more ways than are tried.
    """

    def __init__(self) -> None:
        """No field has begun."""
        self.done: list[str] = []
        self.unclear = False
        self._left = _MOST_READ
        self._stray = _Field()
        self._open: list[_Field] = []

    @property
    def depth(self) -> int:
        """How many fields have begun and not ended."""
        return len(self._open)

    def begin(self) -> None:
        """A field begins."""
        outer = self._open[-1] if self._open else None
        self._open.append(_Field(outer.shows if outer and outer.ended else outer))

    def code(self, piece: str, doubt: str = "") -> None:
        """Some of the code of the innermost field, or of one that never began."""
        if self._open:
            self.text(piece, doubt)
        else:
            self._stray.pieces.append((doubt, piece))

    def text(self, piece: str, doubt: str = "") -> None:
        """Some text: code, the result of a field within another one, or nothing of a field."""
        inner = self._open[-1] if self._open else None
        if inner and not inner.ended:
            inner.pieces.append((doubt, piece))
        elif inner and inner.shows and not inner.told:
            inner.shows.pieces.append((_RESULT + doubt, piece))

    def separate(self) -> None:
        """The code of the innermost field is complete, and its result follows."""
        if self._open and not self._open[-1].ended:
            self._finish(self._open[-1])

    def end(self) -> None:
        """The innermost field ends."""
        self.separate()
        if self._open:
            self._open.pop()

    def all(self) -> list[str]:
        """Every code, those of fields that never ended as well."""
        for each in (self._stray, *(field for field in self._open if not field.ended)):
            self._finish(each)
        return self.done

    def _finish(self, field: _Field) -> None:
        field.ended = True
        codes = list(field.readings(self._tried(field)))
        self.done += codes
        # `{ { QUOTE 68 68 69 } ... }` writes DDE in numbers: the result of a field is code of the one around it.
        for quoted in filter(None, map(_QUOTE.fullmatch, codes)):
            field.told = True
            if field.shows:
                field.shows.pieces.append(("", _letters(quoted[1])))

    def _tried(self, field: _Field) -> list[str]:
        doubts = field.doubts
        if doubts:
            self._left -= field.size << min(len(doubts), _MOST_DOUBTS)
        if len(doubts) > _MOST_DOUBTS or self._left < 0:
            self.unclear = True
            return []
        return doubts


def _letters(numbers: str) -> str:
    return "".join(chr(int(each)) for each in numbers.split() if int(each) < 0xD800)  # noqa: PLR2004
