"""Addresses in attributes: those that are programs, those on other hosts, and those that hold something themselves."""

import re
from binascii import Error as Base64Error
from binascii import a2b_base64
from collections.abc import Mapping
from typing import Final
from urllib.parse import unquote_to_bytes

_REFERENCE: Final = re.compile(rb"&(?:#x0*+([0-9a-f]{1,6})|#0*+([0-9]{1,7})|([a-z0-9_.:-]{1,64}));?", re.IGNORECASE)
_ENTITY: Final = re.compile(rb"&([^\s%&;<]++);")
"""One that the document declares: its name can be whatever `document_type` takes for one."""
_NAMED: Final = {
    b"tab": b"\t", b"newline": b"\n", b"colon": b":", b"sol": b"/", b"bsol": b"\\", b"amp": b"&", b"lt": b"<",
    b"gt": b">", b"quot": b'"', b"apos": b"'", b"period": b".", b"comma": b",", b"semi": b";", b"excl": b"!",
    b"lpar": b"(", b"rpar": b")", b"nbsp": b"\xa0",
}  # fmt: skip
IGNORED: Final = bytes(range(0x20))
"""Removed by browsers: C0 controls around an address, tabs and line ends within (URL Standard, 4.4)."""
_PROGRAM: Final = re.compile(
    rb"(?:javascript|vbscript|livescript|mocha):"
    rb"|data: *+(?:text/(?:html|xml|javascript|ecmascript|xsl)"
    rb"|application/(?:xhtml|xml|javascript|ecmascript|x-javascript)|[a-z]+/[a-z.+-]+\+xml)",
    re.IGNORECASE,
)
_DRAWING: Final = re.compile(rb"data: *+image/svg\+xml", re.IGNORECASE)
"""Blanks behind `data:` are no part of the type (Fetch Standard, 6)."""
_OTHER_HOST: Final = re.compile(rb"(?:(?:https?|ftps?|wss?):|file:(?=//[^/])|(?=//))/*(?P<host>[^/?#]*)", re.IGNORECASE)
_OF_MACHINE: Final = re.compile(
    rb"(?!(?:data|https?|ftps?|cid|blob|about|urn):)[a-z][a-z0-9+.-]*+:|[/\\]", re.IGNORECASE
)
"""A file of the machine that converts, or what only a converter understands: `file:`, `text:/etc/passwd`, `C:`."""
_ASCII: Final = range(0x80)
_PLAIN: Final = frozenset({"www.w3.org"})
_DATA: Final = re.compile(rb"data:([^,]*+),([^#]*+)", re.IGNORECASE)
_BASE64: Final = re.compile(rb"; *base64 *\Z", re.IGNORECASE)
_PIXELS: Final = re.compile(rb"data:image/[a-z]{3,5};base64,(?:iVBORw|/9j/|R0lGOD|UklGR)")
"""PNG, JPEG, GIF and WebP."""
_START: Final = 400
"""Bytes of an address that show what it holds; of Base64 one character more where these cannot be read."""
_BEFORE_MARKUP: Final = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"
_CANDIDATE: Final = re.compile(rb"[\s,]*+(\S++)(?:(?<=,)|[^,]*+)")
"""One picture of a set, and what tells when it is shown (HTML, 4.8.4.2.1)."""
Entities = Mapping[bytes, bytes]


def decoded(value: bytes, entities: Entities) -> bytes:
    """A value with its references resolved, those of the document one level deep."""
    if b"&" not in value:
        return value
    if entities:
        value = _ENTITY.sub(lambda found: entities.get(found[1], found[0]), value)
    return _REFERENCE.sub(_character, value)


def _character(found: re.Match[bytes]) -> bytes:
    if found[3]:
        return _NAMED.get(found[3].lower(), found[0])
    return ascii_of(int(found[1], 16) if found[1] else int(found[2]))


def compact(value: bytes, entities: Entities) -> bytes:
    """An address as browsers take it, before its parts are told apart."""
    return _compact(decoded(value, entities))


def _compact(address: bytes) -> bytes:
    return address.translate(None, IGNORED).strip(b" ")


def candidates(value: bytes, entities: Entities) -> list[bytes]:
    """The addresses of a set of pictures, compact."""
    return list(map(_compact, _CANDIDATE.findall(decoded(value, entities))))


def is_program(address: bytes) -> bool:
    """Whether a compact address runs, or opens a page of its own."""
    return bool(_PROGRAM.match(address))


def is_drawing(address: bytes) -> bool:
    """Whether a compact address holds a drawing."""
    return bool(_DRAWING.match(address))


def holds_markup(address: bytes) -> bool:
    """Whether a compact address holds a drawing, or what a converter takes for one, whatever its type says."""
    if is_drawing(address):
        return True
    if address[:5].lower() != b"data:" or _PIXELS.match(address):
        return False
    start = held(address[:_START]) or held(address[: _START + 1]) or b""
    return start.lstrip(_BEFORE_MARKUP).startswith((b"<", b"\x1f\x8b"))


def other_host(address: bytes) -> str:
    """The other host that a compact address names; empty where it names none, or only a name that is no address."""
    found = _OTHER_HOST.match(address[:300].replace(b"\\", b"/"))
    host = "" if found is None else found["host"].decode("latin-1").lower()
    return "" if host in _PLAIN else host


def is_of_machine(address: bytes) -> bool:
    """Whether a compact address names a file wherever it is, or what a converter makes of one."""
    return bool(_OF_MACHINE.match(address))


def held(address: bytes) -> bytes | None:
    """What a compact `data:` address holds; None where it is no such address (Fetch Standard, 6)."""
    found = _DATA.match(address)
    if found is None:
        return None
    content = unquote_to_bytes(found[2])
    try:
        return a2b_base64(content + b"==") if _BASE64.search(found[1]) else content
    except Base64Error:
        return b""


def ascii_of(number: int) -> bytes:
    """A character by its number; what is beyond ASCII tells nothing, whichever it is."""
    return bytes((number,)) if number in _ASCII else b"?"
