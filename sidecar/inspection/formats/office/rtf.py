"""Rich Text (RTF 1.9.1): the control words that make it more than text and pictures."""

import re
from collections.abc import Iterator
from enum import Enum
from mmap import mmap
from typing import Final

from sidecar.inspection.formats.bounds import Budget
from sidecar.inspection.formats.office.fields import is_dde, is_remote, reads_elsewhere

Data = bytes | mmap


class Trait(Enum):
    """One thing that was found; the value says it in words."""

    OBJECT = "an object"
    REMOTE = "a document of another machine"
    DDE = "DDE"


_WORDS: Final = re.compile(
    rb"\\(?:(?P<object>objdata|objupdate|objautlink|objlink|objhtml|objocx|objemb|objclass|objname|objalias)"
    rb"|(?P<text>template|fldinst|subdocument))(?![a-z])"
)
_TOKEN: Final = re.compile(
    rb"\\'([0-9a-fA-F]{2})|\\u(-?\d{1,6}) ?\??|\\([a-z]{1,32})(-?\d{0,10}) ?|\\([^a-z])|([{}])|([^\\{}]+)", re.DOTALL
)
_RAW: Final = re.compile(rb"\\bin-?\d")
_RAW_WORD: Final = b"bin"
"""So many bytes of anything follow it: the first of two backslashes may be one of them."""
_WITHIN: Final = 4 * 1024
"""Bytes of one field or name that are read."""
_MOST: Final = 500_000
"""Tokens that are read of the fields and names of one file; an honest field has some twenty."""


def traits(data: Data) -> Iterator[tuple[Trait, str]]:
    """What is in it, and where; a name can be told several times.

    Raises:
        TooMuchError: there are more fields than are read.
    """
    budget = Budget(_MOST, "too many fields")
    raw = _first_raw(data)
    for found in _WORDS.finditer(data):
        if found.start() < raw and _escaped(data, found.start()):
            continue
        word = (found["object"] or found["text"]).decode()
        if found["object"]:
            yield Trait.OBJECT, word
            continue
        text = data[found.end() : found.end() + _WITHIN]
        for skip in (False, True) if _RAW.search(text) else (False,):
            yield from _of_text(word, _plain(text, budget, skip_raw=skip))


def _first_raw(data: Data) -> int:
    """Where the first bytes may follow that are read as they are; the end where there are none."""
    found = _RAW.search(data, at) if (at := data.find(b"\\bin")) >= 0 else None
    return found.start() if found else len(data)


def _of_text(word: str, text: str) -> Iterator[tuple[Trait, str]]:
    bare = text.strip().strip('"')
    if word == "fldinst" and is_dde(text):
        yield Trait.DDE, bare
    elif (word == "fldinst" and reads_elsewhere(text)) or (word != "fldinst" and is_remote(bare)):
        yield Trait.REMOTE, f"{word} {bare}"


def _escaped(data: Data, at: int) -> bool:
    """Whether the backslash there is itself written behind one: a text that shows it."""
    before = data[max(0, at - 64) : at]
    return (len(before) - len(before.rstrip(b"\\"))) % 2 == 1


def _plain(data: bytes, budget: Budget, *, skip_raw: bool) -> str:
    """The text of a group up to its end, its escapes resolved and its formatting dropped."""
    out: list[str] = []
    depth = at = 0
    while token := _TOKEN.search(data, at):
        budget.spend(1)
        at = token.end()
        code, point, word, number, symbol, brace, text = token.groups()
        if brace:
            depth += 1 if brace == b"{" else -1
            if depth < 0:
                break
        elif code:
            out.append(chr(int(code, 16)))
        elif point:
            out.append(chr(int(point) % 0x10000) if not 0xD800 <= int(point) % 0x10000 < 0xE000 else "?")  # noqa: PLR2004
        elif word == _RAW_WORD and skip_raw:
            at += max(0, int(number or b"0"))
        elif symbol and symbol in b"\\{}":
            out.append(symbol.decode())
        elif text:
            out.append(text.replace(b"\r", b"").replace(b"\n", b"").decode("latin-1"))
    return "".join(out)
