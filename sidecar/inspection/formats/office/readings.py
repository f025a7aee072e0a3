"""Words at the beginning of a text of which readers skip different pieces, sought in all their readings at once.

Each pattern is a row of steps; what may have been read of all of them is one number, a bit for each step (Baeza-Yates
and Gonnet, A New Approach to Text Searching, 1992). That a piece may be skipped is the union of two such numbers.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

_ASCII: Final = tuple(map(chr, range(128)))
ANY: Final = frozenset(_ASCII)
SPACE: Final = frozenset(" \t\r\n\f\v")
QUOTES: Final = SPACE | {'"'}
NAMES: Final = frozenset(filter(str.isalnum, _ASCII))
LETTERS: Final = frozenset(filter(str.isalpha, _ASCII))
NONE: Final[frozenset[str]] = frozenset()


class Step(NamedTuple):
    """One character."""

    one: frozenset[str]
    """What it may be, in lower case."""
    more: frozenset[str] = NONE
    """What may follow it any number of times."""


Steps = tuple[Step, ...]


def spelled(word: str) -> Steps:
    """The steps of a word."""
    return tuple(Step(frozenset(each)) for each in word)


class Patterns:
    """Patterns that begin at the beginning of a text, behind white space and quotes.

    Attributes:
        start: what has been read of them before the first character.
    """

    def __init__(self, patterns: Iterable[Steps]) -> None:
        self.start = self._last = 0
        self._one, self._more = dict.fromkeys(_ASCII, 0), dict.fromkeys(_ASCII, 0)
        bit = 1
        for steps in patterns:
            self.start |= bit
            *but_last, last = steps
            for step in (Step(NONE, QUOTES), *but_last, Step(last.one, ANY)):
                self._enter(step, bit)
                bit <<= 1
            self._last |= bit >> 1

    def _enter(self, step: Step, bit: int) -> None:
        for character in step.one:
            self._one[character] |= bit
        for character in step.more:
            self._more[character] |= bit

    def after(self, read: int, character: str) -> int:
        """What has been read behind one more character."""
        if not character.isascii():
            character = " " if character.isspace() else "a" if character.isalnum() else "\0"
        character = character.lower()
        return (read << 1) & self._one[character] | read & self._more[character]

    def are_read(self, read: int) -> bool:
        """Whether one of them has been read to its end."""
        return bool(read & self._last)
