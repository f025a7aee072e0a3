"""The objects of PDF, read one by one (ISO 32000-2, section 7.3)."""

import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from sidecar.inspection.formats.anatomy import Data
from sidecar.inspection.formats.bounds import Budget, TooMuchError
from sidecar.inspection.formats.pdf.names import ENDING, NAMES, SPACE, Name

_DEEPEST: Final = 100
_COST: Final = 16
"""What a token costs beside its bytes."""
# One token behind white space and comments. Possessive throughout: no byte is read twice. Readers take for a string of
# hexadecimal digits whatever stands before its end.
_TOKEN: Final = re.compile(
    rb"(?:[%(space)b]++|%%[^\r\n]*+)*+(?:(<<)|(>>)|"
    rb"/([^%(ending)b]*+)(?:(?<!#[0-9a-fA-F])|(?=[%(space)b][%(ending)b]|\Z))|(\()|<([^>]*+)>?+|"
    rb"(\[(?:[%(space)b\d.+-]*+\])?+)|(\])|"
    rb"(\d{1,9}+[%(space)b]++\d{1,9}+[%(space)b]++R(?![^%(ending)b])|[^%(ending)b]++)|"
    rb"([)>{}])|/([^%(ending)b]*+))" % {b"space": SPACE, b"ending": ENDING}
)
"""A list of nothing but numbers, which tell nothing here, and a reference that is written as usual, are one each.

The last is a name with half an escape before what ends it. To poppler that is the other half, whatever it is: a bracket
opens nothing, and the name goes on behind it.
"""
_OPEN, _CLOSE, _NAME, _STRING, _HEX, _LIST, _UNLIST, _WORD, _STRAY, _HALF = range(1, 11)
_CLOSING: Final = frozenset({_CLOSE, _UNLIST})
_OF_NUMBERS: Final = b"+-.0123456789"
_JOINED: Final = re.compile(rb"([+\-.\d][+\-.\deE]*+)R\Z")
"""A generation right before the letter of a reference: readers end a number at any letter."""
_USUAL: Final = re.compile(rb"\d++(?=[%b])" % SPACE)
_R: Final = ord("R")
_LARGEST_NUMBER: Final = 0x7FFFFFFF
UNCLEAR: Final = -2
"""The number in a reference that readers read in their own ways (`4. 0 R`), or do not take for one."""
_IN_STRING: Final = re.compile(rb"[^()\\]*+(?:\\.[^()\\]*+)*+", re.DOTALL)
_STRING_ESCAPE: Final = re.compile(rb"\\(?:([0-7]{1,3})|\r\n|(.))", re.DOTALL)
_ESCAPES: Final = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b"", b"\r": b""}
_NOT_HEX: Final = bytes(set(range(256)) - set(b"0123456789abcdefABCDEF"))


class Ref(NamedTuple):
    """A reference to an object, whatever its generation."""

    number: int


class Word(bytes):
    """A keyword, or a number that is not whole."""

    __slots__ = ()


class Stray(Word):
    """A bracket that closes or opens nothing: some readers take it for a value, some for nothing at all."""

    __slots__ = ()


class Dictionary(list[tuple[Name, Any]]):
    """The entries as written: of two with one key, some readers take the first and some the last."""

    __slots__ = ()

    def all(self, key: bytes) -> Iterator[Any]:
        """Every value of a key."""
        return (value for name, value in self if name == key)


class Stood(NamedTuple):
    """What stood at a place, and where it ended."""

    value: Any
    end: int
    clear: bool = True
    """Whether all readers end its names at the same places."""


def read_object(data: Data, at: int, budget: Budget) -> Stood:
    """The object at a place: Dictionary, list, Name, bytes (a string), Ref, int or Word; None for none.

    Raises:
        TooMuchError: the budget is spent, or it is nested deeper than any honest one.
    """
    stack: list[list[Any]] = [[]]
    clear = True
    while match := _TOKEN.match(data, at):
        budget.spend(match.end() - at + _COST)
        kind, at = match.lastindex or 0, match.end()
        if kind == _NAME:
            stack[-1].append(NAMES[match[_NAME]])
        elif kind == _WORD:
            if len(stack) == 1 and match[_WORD][0] not in _OF_NUMBERS and match[_WORD] != b"R":
                return Stood(stack[0][0] if stack[0] else None, match.start(_WORD), clear)
            _put_word(stack[-1], match[_WORD])
        elif kind == _OPEN or (kind == _LIST and match[_LIST] == b"["):
            _open(stack)
        elif kind in _CLOSING:
            if len(stack) == 1:
                break
            inner = stack.pop()
            stack[-1].append(_dictionary(inner) if kind == _CLOSE else inner)
        elif kind != _STRAY or len(stack) > 1:
            clear = clear and kind != _HALF
            value, at = _other(data, match, budget)
            stack[-1].append(value)
        if len(stack) == 1 and stack[0] and not _may_go_on(stack[0][-1]):
            break
    else:
        budget.spend(len(data) - at)
    return Stood(stack[0][-1] if stack[0] and len(stack) == 1 else _unfinished(stack), at, clear)


def _may_go_on(value: Any) -> bool:  # noqa: ANN401 - any object
    """Whether it may be the beginning of a reference."""
    return isinstance(value, int) or (isinstance(value, Word) and value[:1] in _OF_NUMBERS)


def _open(stack: list[list[Any]]) -> None:
    stack.append([])
    if len(stack) > _DEEPEST:
        raise TooMuchError("nesting")


def _other(data: Data, match: re.Match[bytes], budget: Budget) -> tuple[Any, int]:
    """What is written in one piece, and where it ends."""
    kind = match.lastindex or 0
    if kind == _STRING:
        return _string(data, match.end(), budget)
    if kind == _HEX:
        digits = match[kind].translate(None, _NOT_HEX)
        return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii")), match.end()
    if kind == _HALF:
        return NAMES[match[kind]], match.end()
    return Stray(match[kind]) if kind == _STRAY else [], match.end()  # a list of numbers


def _put_word(items: list[Any], word: bytes) -> None:
    if word[-1] != _R:
        items.append(_number(word))
    elif usual := _USUAL.match(word):
        items.append(Ref(int(usual[0])))
    elif word == b"R":
        _refer(items)
    elif joined := _JOINED.match(word):
        items.append(_number(joined[1]))
        _refer(items)
    else:
        items.append(_number(word))


def _number(word: bytes) -> int | Word:
    """A whole number with as many digits as an object's may have; anything else as it stands."""
    digits = word.removeprefix(b"+")
    if not digits.isdigit() or len(digits.lstrip(b"0")) > 10:  # noqa: PLR2004 - digits of an object's number
        return Word(word)
    return int(digits.lstrip(b"0") or b"0")


def _refer(items: list[Any]) -> None:
    """What an `R` makes of what stands before it."""
    number, generation = items[-2:] if len(items) > 1 else (None, None)
    if isinstance(number, int) and isinstance(generation, int) and number <= _LARGEST_NUMBER:
        items[-2:] = [Ref(number)]
    elif any(isinstance(each, Stray) or _may_go_on(each) for each in items[-3:]):
        items.append(Ref(UNCLEAR))
    else:
        items.append(Word(b"R"))


def _unfinished(stack: list[list[Any]]) -> Any:  # noqa: ANN401 - any object
    """What a file that was cut short leaves open: readers take what there is."""
    while len(stack) > 1:
        inner = stack.pop()
        stack[-1].append(_dictionary(inner))
    return stack[0][-1] if stack[0] else None


def _dictionary(items: list[Any]) -> Dictionary:
    keys, values = items[::2], items[1::2]
    if all(isinstance(key, Name) and key for key in keys) and not any(isinstance(value, Stray) for value in values):
        return Dictionary(zip(keys, values, strict=False))  # the last key of a file that was cut short has no value
    return _every_pair(items)


def _every_pair(items: list[Any]) -> Dictionary:
    """Each key with all that readers may take for its value: they differ in what they pass over."""
    found, key = Dictionary(), Name()
    for each in items:
        if key and not isinstance(each, Stray):
            found.append((key, each))
        if isinstance(each, Name) and each:
            key = each
    return found


def _string(data: Data, at: int, budget: Budget) -> tuple[bytes, int]:
    """A string from behind its opening bracket on; brackets nest (section 7.3.4.2)."""
    start, depth = at, 1
    while depth and (match := _IN_STRING.match(data, at)):
        budget.spend(match.end() - at + _COST)
        at = match.end()
        mark = data[at : at + 1]
        depth += {b"(": 1, b")": -1}.get(mark, 0)
        if not mark or mark == b"\\":
            return data[start:at], len(data)
        at += 1
    return _STRING_ESCAPE.sub(_unescaped, data[start : at - 1]), at


def _unescaped(match: re.Match[bytes]) -> bytes:
    if match[1]:
        return bytes([int(match[1], 8) & 255])
    return _ESCAPES.get(match[2] or b"\n", match[2] or b"")
