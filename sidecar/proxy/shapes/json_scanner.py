"""JSON read strictly and piece by piece: its structure, and those strings that somebody wants (RFC 8259)."""

import codecs
import json
import re
from typing import Final, Protocol

from sidecar.multipart.rules import MalformedError
from sidecar.multipart.shown import shown
from sidecar.proxy.rules import JSON_BEYOND_BOUND, JSON_KEY_DUPLICATE, JSON_MALFORMED

MAX_DEPTH: Final = 64
MAX_VALUES: Final = 100_000
"""Members and elements of one body: a quarter of a second of work on a thread. Honest bodies with files have dozens."""
MAX_NAME: Final = 1024
_SPACE: Final = re.compile(r"[ \t\r\n]*+")
_LITERAL: Final = re.compile(
    r"(?:-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|(null))(?=[ \t\r\n,\]}])"
)
_PERHAPS_CUT: Final = re.compile(r"[a-zE0-9+.-]*+")
# The first half of a character beyond the first plane goes with what tells whether its second half follows.
_FIRST_HALF: Final = r"u[dD][89abAB][0-9a-fA-F]{2}"
_CHARACTERS: Final = re.compile(
    r'(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u(?![dD][89abAB])[0-9a-fA-F]{4}|'
    rf"{_FIRST_HALF}(?=[^\\]|\\[^u]|\\u[0-9a-fA-F]{{4}})))*+"
)
_CUT_ESCAPE: Final = re.compile(rf"(?:\\{_FIRST_HALF})?(?:\\(?:u[0-9a-fA-F]{{0,3}})?)?\Z")
_OPENED_BY: Final = {"}": "{", "]": "["}


class Text(Protocol):
    """Takes one string."""

    def take(self, raw: str) -> None:
        """Some characters as they are written; neither an escape nor a pair of them for one character is ever cut."""

    def end(self) -> None:
        """That was all."""


class Reader(Protocol):
    """Who is told of the structure."""

    def open(self, bracket: str) -> None:
        """An object or an array has begun."""

    def shut(self) -> None:
        """The innermost one is complete."""

    def member(self, name: str) -> None:
        """A member of the innermost object follows."""

    def element(self) -> None:
        """A value of the innermost array follows."""

    def text(self) -> Text | None:
        """A string has begun; who wants it?"""

    def literal(self, *, null: bool) -> None:
        """A number, true, false or null."""


class _Expects:
    """Numbers, no Enum: what is asked of each token cost a third of all the work with one."""

    VALUE, VALUE_OR_END, NAME, NAME_OR_END, COLON, COMMA_OR_END, END = range(7)


def unescaped(raw: str) -> str:
    """The characters of a string that was read."""
    return str(json.loads(f'"{raw}"')) if "\\" in raw else raw


class _Ignored:
    def take(self, raw: str) -> None:
        """Nobody wants it."""

    def end(self) -> None:
        """Nor its end."""


class _Name:
    """The name of a member."""

    def __init__(self, scanner: "JsonScanner") -> None:
        self._scanner = scanner
        self._raw = ""

    def take(self, raw: str) -> None:
        self._raw += raw
        if len(self._raw) > MAX_NAME:
            raise MalformedError(JSON_BEYOND_BOUND, f"a name of more than {MAX_NAME} characters")

    def end(self) -> None:
        self._scanner.named(unescaped(self._raw))


_IGNORED: Final = _Ignored()


class JsonScanner:
    """Bounded work and memory, whatever the text."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._decoder = codecs.getincrementaldecoder("utf-8")("strict")
        self._rest = ""
        self._open: list[str] = []
        self._names: list[set[str]] = []
        self._expects = _Expects.VALUE
        self._text: Text | None = None
        self._values = 0

    def feed(self, chunk: bytes, *, final: bool = False) -> None:
        """The next bytes.

        Raises:
            MalformedError: they are not JSON, or too much of it.
        """
        try:
            text = self._rest + self._decoder.decode(chunk, final)
        except UnicodeDecodeError as error:
            self._run(self._rest + error.object[: error.start].decode())
            raise MalformedError(JSON_MALFORMED, "bytes that are not UTF-8") from error
        self._rest = text[self._run(text) :]

    def close(self) -> None:
        """The body has ended; white space stands for the end, since a number has no other."""
        self.feed(b" ", final=True)
        if self._expects != _Expects.END or self._text is not None:
            raise MalformedError(JSON_MALFORMED, "the text is cut")

    def _run(self, text: str) -> int:
        """Read as far as it goes; where the rest begins."""
        position = 0
        while position < len(text):
            if self._text is not None:
                position, done = self._characters(text, position, self._text)
            else:
                space = _SPACE.match(text, position)
                position = space.end() if space else position
                position, done = self._token(text, position) if position < len(text) else (position, False)
            if not done:
                break
        return position

    def _characters(self, text: str, position: int, wanted: Text) -> tuple[int, bool]:
        match = _CHARACTERS.match(text, position)
        end = match.end() if match else position
        if end > position:
            wanted.take(text[position:end])
        if end == len(text):
            return end, True
        if text[end] == '"':
            self._text = None
            wanted.end()
            return end + 1, True
        if _CUT_ESCAPE.match(text, end):
            return end, False
        raise MalformedError(JSON_MALFORMED, f"in a string: {_seen(text, end)}")

    def _token(self, text: str, position: int) -> tuple[int, bool]:
        character, expects = text[position], self._expects
        if expects <= _Expects.VALUE_OR_END and character != "]":
            return self._value(text, position)
        match character, expects:
            case '"', _Expects.NAME | _Expects.NAME_OR_END:
                self._text, self._expects = _Name(self), _Expects.COLON
            case ":", _Expects.COLON:
                self._expects = _Expects.VALUE
            case ",", _Expects.COMMA_OR_END:
                self._expects = _Expects.NAME if self._open[-1] == "{" else _Expects.VALUE
            case ("}", _Expects.NAME_OR_END | _Expects.COMMA_OR_END) | (
                "]", _Expects.VALUE_OR_END | _Expects.COMMA_OR_END,
            ) if self._open[-1:] == [_OPENED_BY[character]]:  # fmt: skip
                self._shut()
            case _:
                raise MalformedError(JSON_MALFORMED, _seen(text, position))
        return position + 1, True

    def _value(self, text: str, position: int) -> tuple[int, bool]:
        character = text[position]
        match = None if character in '"{[' else _LITERAL.match(text, position)
        if character not in '"{[' and match is None:
            return position, self._cut(text, position)
        self._count()
        if match is not None:
            _bound(match.end() - position)
            self._after_value()
            self._reader.literal(null=match[1] is not None)
            return match.end(), True
        if character == '"':
            self._after_value()
            self._text = self._reader.text() or _IGNORED
        else:
            self._begin(character)
        return position + 1, True

    def _cut(self, text: str, position: int) -> bool:
        """A literal may go on in the next chunk."""
        perhaps = _PERHAPS_CUT.match(text, position)
        end = perhaps.end() if perhaps else position
        _bound(end - position)
        if end < len(text):
            raise MalformedError(JSON_MALFORMED, _seen(text, position))
        return False

    def _count(self) -> None:
        self._values += 1
        if self._values > MAX_VALUES:
            raise MalformedError(JSON_BEYOND_BOUND, f"more than {MAX_VALUES} values")
        if self._open[-1:] == ["["]:
            self._reader.element()

    def _begin(self, bracket: str) -> None:
        if len(self._open) == MAX_DEPTH:
            raise MalformedError(JSON_BEYOND_BOUND, f"more than {MAX_DEPTH} levels")
        self._reader.open(bracket)
        self._open.append(bracket)
        self._names.append(set())
        self._expects = _Expects.NAME_OR_END if bracket == "{" else _Expects.VALUE_OR_END

    def _shut(self) -> None:
        self._reader.shut()
        self._open.pop()
        self._names.pop()
        self._after_value()

    def _after_value(self) -> None:
        self._expects = _Expects.COMMA_OR_END if self._open else _Expects.END

    def named(self, name: str) -> None:
        """A name of a member is complete."""
        if name in self._names[-1]:
            raise MalformedError(JSON_KEY_DUPLICATE, shown(name.encode(errors="backslashreplace")))
        self._names[-1].add(name)
        self._reader.member(name)


def _bound(length: int) -> None:
    if length > MAX_NAME:
        raise MalformedError(JSON_BEYOND_BOUND, f"a number of more than {MAX_NAME} characters")


def _seen(text: str, position: int) -> str:
    return shown(text[position : position + 24].encode(errors="backslashreplace"))
