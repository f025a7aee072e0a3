r"""Whether the text of a group of Rich Text begins with a pattern, in any of the ways in which readers take it.

A group within it may be text, or one that a reader skips, as it does not know its first word or keeps what it holds
elsewhere; what stands behind `\uN` replaces it for readers without Unicode; a field may be what its numbers spell.
"""

import re
from typing import Final

from sidecar.inspection.formats.anatomy import Data
from sidecar.inspection.formats.bounds import Budget, TooMuchError
from sidecar.inspection.formats.office.readings import Patterns

_TOKEN: Final = re.compile(
    rb"\\'([0-9a-fA-F]{2})|\\u(-?[0-9]{1,10}) ?|\\([a-z]{1,32})(-?[0-9]{0,10}) ?|\\([^a-z])|([{}])|([^\\{}]{1,4096})",
    re.DOTALL,
)
_RAW: Final = b"bin"
"""So many bytes of anything follow it."""
_REPLACED: Final = b"uc"
"""How many characters replace each one of Unicode from there on (RTF 1.9.1, Unicode RTF)."""
_OF_RUNS: Final = frozenset(
    b"rtlch ltrch fcs loch hich dbch af afs ab ai alang f fs b i ul ulnone cf cb highlight lang langfe langnp langfenp "
    b"noproof plain cs insrsid charrsid kerning expnd expndtw strike sub super nosupersub caps scaps uc".split()
)
"""What text is dressed in; a group that has other words may be no text."""
_BLANKS: Final = frozenset(b"tab line par page sect cell row softline emspace enspace qmspace".split())
_BLANK_SYMBOLS: Final = frozenset(b"~ \t \r \n".split(b" "))
_NUMBERS: Final = re.compile(r"\s*QUOTE((?:\s+[0-9]{1,5})+)\s*", re.IGNORECASE)
_SURROGATES: Final = 0xD800
_KEPT: Final = 1024
"""Characters of a group that are kept: those of numbers, and those that are told."""
_DEEP: Final = 1000


class _Group:
    """One that is open."""

    __slots__ = ("before", "is_run", "replaced", "text")

    def __init__(self, before: int, replaced: int) -> None:
        self.before = before
        """What had been read where it began."""
        self.is_run = True
        """Nothing in it says that it is other than text."""
        self.replaced = replaced
        self.text = ""


class GroupText:
    """One group, read from its first word on."""

    def __init__(self, patterns: Patterns, budget: Budget, *, skip_raw: bool) -> None:
        self._patterns, self._budget, self._skip_raw = patterns, budget, skip_raw
        self._read = patterns.start
        self._replacing = 0
        self._groups = [_Group(0, 1)]
        self._waiting = 0
        """Groups before which something had been read."""

    @property
    def text(self) -> str:
        """What it says where nothing is skipped, up to some length."""
        return "".join(group.text for group in self._groups)[:_KEPT]

    def begins_so(self, data: Data, at: int) -> bool:
        """Whether a reader may find one of the patterns at its beginning.

        Raises:
            TooMuchError: it is too deep, or the budget is spent.
        """
        while (self._read or self._waiting) and (token := _TOKEN.search(data, at)):
            self._budget.spend(1)
            if token[6] == b"}" and len(self._groups) == 1:
                break
            at = token.end() + self._take(*token.groups())
            if self._patterns.are_read(self._read):
                return True
        return self._patterns.are_read(self._patterns.after(self._read, "\0"))

    def _take(
        self, code: bytes, point: bytes, word: bytes, number: bytes, symbol: bytes, brace: bytes, text: bytes
    ) -> int:
        """Read one token; how many bytes behind it are none."""
        if text:
            self._write(text.translate(None, b"\r\n").decode("latin-1"))
        elif brace:
            (self._begin if brace == b"{" else self._end)()
        elif code:
            self._write(chr(int(code, 16)))
        elif point:
            self._replacing = 0
            self._write(chr(int(point) % 0x10000))
            self._replacing = self._groups[-1].replaced
        elif symbol:
            self._symbol(symbol)
        else:
            return self._word(word, int(number) if number.strip(b"-") else 0)
        return 0

    def _write(self, text: str) -> None:
        """Some text, of which readers skip what replaces a character."""
        group, after = self._groups[-1], self._patterns.after
        group.text += text[self._replacing :][: _KEPT - len(group.text)]
        for count, character in enumerate(text):
            if not self._read:
                break
            self._budget.spend(1)
            kept = self._read if count < self._replacing else 0
            self._read = after(self._read, character) | kept
        self._replacing = max(0, self._replacing - len(text))

    def _begin(self) -> None:
        if len(self._groups) == _DEEP:
            raise TooMuchError("too many groups within each other")
        self._replacing = 0
        self._groups.append(_Group(self._read, self._groups[-1].replaced))
        self._waiting += bool(self._read)

    def _end(self) -> None:
        """A group ends, which may have been skipped, or stand for what its numbers spell."""
        group = self._groups.pop()
        self._replacing = 0
        self._waiting -= bool(group.before)
        self._groups[-1].is_run &= group.is_run
        if not group.is_run:
            self._read |= group.before
        if numbers := _NUMBERS.fullmatch(group.text):
            spelled = group.before
            for number in filter(_SURROGATES.__gt__, map(int, numbers[1].split())):
                spelled = self._patterns.after(spelled, chr(number))
            self._read |= spelled
        self._groups[-1].text += group.text[: _KEPT - len(self._groups[-1].text)]

    def _symbol(self, symbol: bytes) -> None:
        if symbol == b"*":
            self._groups[-1].is_run = False
        elif symbol in b"\\{}":
            self._write(symbol.decode())
        elif symbol in _BLANK_SYMBOLS:
            self._blank()

    def _word(self, word: bytes, number: int) -> int:
        """A word of control; how many bytes behind it are none."""
        self._replacing = max(0, self._replacing - 1)
        group = self._groups[-1]
        group.is_run &= word in _OF_RUNS
        if word == _REPLACED:
            group.replaced = max(0, number)
        elif word in _BLANKS:
            self._blank()
        return max(0, number) if word == _RAW and self._skip_raw else 0

    def _blank(self) -> None:
        """What some readers take for a space."""
        self._read |= self._patterns.after(self._read, " ")
