"""What the first bytes of a body show of its shape, whatever it is called."""

import json
import re
from typing import Final

from sidecar.inspection.types.content import content_of

LOOK: Final = 512
"""Bytes that are enough to tell, if there are so many."""
_DASHES: Final = b"--"
_FORM_HEAD: Final = 16 * 1024
"""The largest head of a first part that common parsers read."""
_BLANK_LINE: Final = re.compile(rb"\n\r?\n")
_MAGIC: Final = (b"%PDF", b"%!", b"{\\rtf", b"GIF8", b"PK", b"MZ", b"RIFF", b"#!", b"BM", b"ID3", b"MSCF", b"Rar!")
"""How formats begin that can go on in printable bytes, polyglots among them."""
_SCALAR: Final = rb'"(?:[^"\\\x00-\x1f]|\\.)*"|-?[0-9][0-9.eE+-]*|true|false|null'
_JSON: Final = re.compile(rb'[ \t\r\n]*(?:\{[ \t\r\n]*["}]|\[[ \t\r\n]*[]\[{"0-9tfn-])')
_JSON_TOO: Final = re.compile(rb"[ \t\r\n]*(?:%b)?[ \t\r\n]*" % _SCALAR)
# What lenient readers skip (Gson, Json.NET, JSON5): blanks of all kinds, byte-order marks, record separators
# (RFC 7464), comments, and the prefix that keeps JSON from being a script.
_SKIPPED: Final = r"(?:[\s\ufeff]|/\*(?s:.*?)\*/|(?://|#)[^\r\n]*[\r\n]|\)\]\}',?)*+"
_BEGINNING: Final = re.compile(_SKIPPED)
_COMMENT: Final = re.compile(r"/\*|//|#[^\r\n]*\Z")
_MEMBER: Final = rf"""["'}},;]|\\u|[\w$][^\s:={{}}\[\]"',;]*{_SKIPPED}(?:[:=]|\Z)|\Z"""
_VALUE: Final = r"""[]\[{"'0-9tfn,;.+-]|\Z"""
_LENIENT: Final = re.compile(rf"\{{{_SKIPPED}(?:{_MEMBER})|\[{_SKIPPED}(?:{_VALUE})|\[[^\]]*\{{")
_FIRST_PAIR: Final = re.compile(rb"[A-Za-z0-9%+_.~*()\[\]$!',:@/|-]{0,256}(?:[=&]|\Z)")


def is_form(start: bytes) -> bool | None:
    """Whether a body is written as a form (RFC 2046, section 5.1.1); None while more of it is needed to tell.

    Text can begin with dashes too (SQL, PEM, YAML), so a form is what has a Content-Disposition in its first head.
    """
    text = start[:_FORM_HEAD].lstrip(b" \t\r\n")
    if not text.startswith(_DASHES):
        return None if _DASHES.startswith(text) and len(start) < _FORM_HEAD else False
    head = _BLANK_LINE.split(text, maxsplit=1)
    if b"content-disposition" in head[0].lower():
        return True
    return None if len(head) == 1 and len(start) < _FORM_HEAD else False


def looks_like_json(start: bytes, *, whole: bool) -> bool:
    """Whether a body begins as JSON that is an object or an array, or is JSON of another kind and nothing else."""
    if _is_binary(start):
        return False
    return _JSON.match(start) is not None or (whole and _JSON_TOO.fullmatch(start) is not None)


def may_be_json(start: bytes) -> bool | None:
    """Whether any reader takes a body for an object or an array, in any encoding of Unicode and however lenient it is.

    None where all that is there of it is a comment that goes on. Blanks that go on are held to be JSON: nothing else
    has so many.
    """
    text = start[:LOOK].decode(json.detect_encoding(start), "replace")
    skipped = _BEGINNING.match(text)
    text = text[skipped.end() :] if skipped else text
    if len(start) >= LOOK:
        if not text:
            return True
        if _COMMENT.match(text):
            return None
    return _LENIENT.match(text) is not None


def looks_urlencoded(start: bytes) -> bool:
    """Whether a body begins with a name and a value as forms of that type write them (WHATWG URL, section 5.1)."""
    return not _is_binary(start) and not start.startswith(b"--") and _FIRST_PAIR.match(start) is not None


def looks_like_text(start: bytes) -> bool:
    """Whether a body begins as text that no browser, server or machine runs."""
    return not _is_binary(start) and not start.startswith(b"--") and content_of("", start).opener is None


def _is_binary(start: bytes) -> bool:
    return start.startswith(_MAGIC) or not content_of("", start).is_text or b"\0" in start
