"""The fields of a part of Word's (ECMA-376 part 1, section 17.16), put together as each of its readers would."""

from collections.abc import Mapping
from typing import Final

from sidecar.inspection.formats.office.spaces import Spaces
from sidecar.inspection.formats.office.word_codes import Codes
from sidecar.inspection.formats.office.xml import is_plain, local, values

_WORD: Final = frozenset({
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main", "http://purl.oclc.org/ooxml/wordprocessingml/main",
})  # fmt: skip
_WORD_2003: Final = frozenset({"http://schemas.microsoft.com/office/word/2003/wordml"})
_KNOWN: Final = frozenset({
    "http://schemas.openxmlformats.org/officeDocument/2006/math", "http://purl.oclc.org/ooxml/officeDocument/math",
})  # fmt: skip
"""Other spaces in which fields stand for every reader: those of formulas."""
_KNOWN_2003: Final = frozenset({
    "http://schemas.microsoft.com/aml/2001/core", "http://schemas.microsoft.com/office/word/2003/auxHint",
})  # fmt: skip
_CHOICES: Final = "http://schemas.openxmlformats.org/markup-compatibility/2006"
"""Which of the alternatives a reader takes, and which elements it passes over, depends on the spaces that it knows
(ECMA-376 part 3)."""
_DOUBT: Final = "."
"""Begins the kind of an element that a reader may leave out; a number follows."""
_MOST_DOUBTS: Final = 64
"""Characters of the kinds of such elements, one within another, that are told apart."""
_CHOICE, _FALLBACK = _DOUBT + "Choice", _DOUBT + "Fallback"
_MOST_PREFIXES: Final = 8
_CODE: Final = frozenset({"instrText", "delInstrText"})
_TEXT: Final = frozenset({"t", "delText"})
_BLANK: Final = frozenset({"tab", "ptab", "br", "cr", "p"})
_DELETED: Final = frozenset({"del", "moveFrom"})
_DELETED_TEXT: Final = frozenset({"delInstrText", "delText"})
_WORDS: Final = (b"fldChar", b"nstrText", b"fldSimple")
_TELLING: Final = _CODE | _TEXT | _BLANK | _DELETED | {"fldChar", "fldSimple"}


def may_hold_fields(data: bytes) -> bool:
    """Whether a part names what fields are made of; names of elements have no references in them."""
    return not is_plain(data) or any(data.find(word) >= 0 for word in _WORDS)


class Fields:
    """The fields of one part, with what was deleted in it and without.

    Attributes:
        unclear: whether readers could disagree on where its fields begin and end.
    """

    def __init__(self) -> None:
        """Nothing was read yet."""
        self.unclear = False
        self._word, self._known = _WORD, _KNOWN
        self._spaces = Spaces()
        self._within: list[tuple[str, tuple[str, ...]]] = []
        self._kinds: dict[str, str] = {}
        self._numbers: dict[str, int] = {}
        self._doubts: list[tuple[str, int, int]] = [("", 0, 0)]
        self._deleted = 0
        self._whole, self._kept = Codes(), Codes()

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins; its name has its prefix."""
        declared = self._spaces.enter(attributes) if attributes else ()
        if declared:
            self._kinds.clear()
        kind = self._kinds.get(name)
        if kind is None:
            kind = self._kinds[name] = self._kind(name)
        self._within.append((kind, declared))
        if kind:
            self._act(kind, attributes)

    def _act(self, kind: str, attributes: Mapping[str, str]) -> None:
        if kind == "fldChar":
            self._mark(attributes)
        elif kind == "fldSimple":
            self._simple(values(attributes, "instr"))
        elif kind in _BLANK:
            self._text(" ", kind)
        elif kind in _DELETED:
            self._deleted += 1
        elif kind[0] == _DOUBT:
            around = self._doubts[-1][0]
            doubt = around if len(around) > _MOST_DOUBTS else around + self._doubt(kind, attributes)
            self._doubts.append((doubt, self._whole.depth, self._kept.depth))

    def text(self, piece: str) -> None:
        """Some text of the innermost element."""
        kind = self._within[-1][0]
        if kind in _CODE or kind in _TEXT:
            self._text(piece, kind)

    def end(self) -> None:
        """The innermost element ends."""
        kind, declared = self._within.pop()
        if declared:
            self._spaces.leave(declared)
            self._kinds.clear()
        if kind == "fldSimple":
            for codes in self._codes():
                codes.end()
        elif kind in _DELETED:
            self._deleted -= 1
        elif kind and kind[0] == _DOUBT:
            _, *depths = self._doubts.pop()
            self.unclear |= depths != [self._whole.depth, self._kept.depth]

    def all(self) -> list[str]:
        """Every code in each of its readings; `unclear` is known then."""
        codes = dict.fromkeys((*self._whole.all(), *self._kept.all()))
        self.unclear |= self._whole.unclear or self._kept.unclear
        return list(codes)

    def _kind(self, name: str) -> str:
        """What an element is: its local name where it tells something, or why a reader may pass over it."""
        space, own = self._spaces.of_element(name), local(name)
        if not self._within and space in _WORD_2003:
            self._word, self._known = _WORD_2003, _KNOWN_2003
        if space in self._word:
            return own if own in _TELLING else ""
        if space == _CHOICES:
            return _DOUBT + own if _DOUBT + own in {_CHOICE, _FALLBACK} else ""
        return "" if space in self._known else _DOUBT + space

    def _doubt(self, kind: str, attributes: Mapping[str, str]) -> str:
        """A number for the spaces that a reader must know, or not know, to read an element."""
        if kind == _CHOICE:
            prefixes = " ".join(values(attributes, "Requires")).split()
            kind = " ".join((kind, *(self._spaces.of_element(f"{each}:") for each in prefixes[:_MOST_PREFIXES])))
        elif kind == _FALLBACK:
            kind += f" {len(self._numbers)}"
        return f"{_DOUBT}{self._numbers.setdefault(kind, len(self._numbers))}"

    def _codes(self) -> tuple[Codes, ...]:
        return (self._whole,) if self._deleted else (self._whole, self._kept)

    def _mark(self, attributes: Mapping[str, str]) -> None:
        kinds = {
            value
            for key, value in attributes.items()
            if local(key) == "fldCharType" and self._spaces.of_attribute(key) in self._word
        }
        self.unclear |= len(kinds) > 1
        for codes in self._codes():
            if "begin" in kinds:
                codes.begin()
            elif "separate" in kinds:
                codes.separate()
            elif "end" in kinds:
                codes.end()

    def _simple(self, instructions: list[str]) -> None:
        for codes in self._codes():
            codes.begin()
            for each in instructions:
                codes.code(each)
            codes.separate()

    def _text(self, piece: str, kind: str) -> None:
        doubt = self._doubts[-1][0]
        for codes in (self._whole,) if kind in _DELETED_TEXT else self._codes():
            (codes.code if kind in _CODE else codes.text)(piece, doubt)
