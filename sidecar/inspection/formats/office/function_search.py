"""Whether a table in text names a function that reaches out, in the encodings in which it could be read."""

import re
from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator
from typing import Final

from sidecar.inspection.formats.anatomy import Data
from sidecar.inspection.formats.office.function_names import NAMES
from sidecar.inspection.formats.windows import windows

UTF_8: Final = "utf-8"
_PAGES: Final = ("cp1252", "cp1250", "cp1251", "cp1254")
"""In which Excel reads text that says nothing of its encoding, where these languages are spoken."""
_STEMS: Final = ("WEB", "XML", "HIPER", "HYPER", "SERVI", "IMPORT", "REGISTER", "BILD", "")
"""What names have in common is sought first: most texts hold none of it."""
_OVERLAP: Final = 128
"""Bytes in which a name, blanks and a bracket fit."""
_CONTINUED: Final = bytes(range(0x80, 0xC0))
"""Bytes in the middle of a character (RFC 3629, section 3), with which a window may begin."""
_Names = dict[str, list[tuple[str, re.Pattern[str]]]]


def _by_stem(names: Iterable[str]) -> _Names:
    stems: _Names = {}
    for name in names:
        before_bracket = re.compile(rf"{re.escape(name)}\s{{0,9}}\(")
        stems.setdefault(next(stem for stem in _STEMS if stem in name), []).append((name, before_bracket))
    return stems


def _in_page(page: str) -> Iterator[str]:
    """Names that are other bytes in a code page than in UTF-8; the bytes as they are in Latin 1."""
    for name in NAMES:
        encoded = name.encode(page, "ignore")
        if not name.isascii() and encoded.decode(page) == name:
            yield encoded.decode("latin-1")


def _large(page: str) -> bytes:
    """What each byte of a code page becomes in large letters."""
    letters = (bytes([byte]).decode(page, "ignore").upper().encode(page, "ignore") for byte in range(256))
    return bytes(letter[0] if len(letter) == 1 else byte for byte, letter in enumerate(letters))


_ALL, _PLAIN = _by_stem(NAMES), _by_stem(filter(str.isascii, NAMES))
_IN_PAGES: Final = {page: (_large(page), _by_stem(_in_page(page))) for page in _PAGES}


def encodings_with_names(data: Data) -> tuple[str, ...]:
    """The encodings in which a name stands before a bracket somewhere; each window is large letters by itself.

    As a whole it would not do: CPython takes twelve bytes for each character beyond ASCII meanwhile.
    """
    found: dict[str, None] = {}
    for at, end in windows(data, _OVERLAP, len(data)):
        window = data[at:end]
        if window.rfind(b"(") >= 0:
            found |= {encoding: None for encoding, upper, names in _readings(window) if _names_one(upper, names)}
    return tuple(found)


def names_function(text: str) -> bool:
    """Whether one of the names stands before a bracket in a short text."""
    return "(" in text and _names_one(text.upper(), _PLAIN if text.isascii() else _ALL)


def _readings(window: bytes) -> Iterator[tuple[str, str, _Names]]:
    """A window in large letters; where it is not UTF-8, also in the code pages in which names have other bytes."""
    if window.isascii():
        yield UTF_8, window.upper().decode(), _PLAIN
        return
    try:
        yield UTF_8, getincrementaldecoder(UTF_8)().decode(window.lstrip(_CONTINUED)).upper(), _ALL
    except UnicodeDecodeError:
        yield UTF_8, window.decode(UTF_8, "ignore").upper(), _ALL
        for page, (large, names) in _IN_PAGES.items():
            yield page, window.translate(large).decode("latin-1"), names


def _names_one(upper: str, names: _Names) -> bool:
    """Whether a name stands before a bracket; each is searched for by itself, in a tenth of the time."""
    return any(
        name in upper and before_bracket.search(upper)
        for stem, those in names.items()
        if stem in upper
        for name, before_bracket in those
    )
