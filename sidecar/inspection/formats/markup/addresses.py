"""Addresses in attributes and style sheets: those that are programs, and those on other hosts."""

import re
from collections.abc import Mapping
from typing import Final

_REFERENCE: Final = re.compile(rb"&(?:#x0*+([0-9a-f]{1,6})|#0*+([0-9]{1,7})|([a-z0-9_.:-]{1,64}));?", re.IGNORECASE)
_ENTITY: Final = re.compile(rb"&([^\s%&;<]++);")
"""One that the document declares: its name can be whatever `document_type` takes for one."""
_NAMED: Final = {
    b"tab": b"\t", b"newline": b"\n", b"colon": b":", b"sol": b"/", b"bsol": b"\\", b"amp": b"&", b"lt": b"<",
    b"gt": b">", b"quot": b'"', b"apos": b"'", b"period": b".", b"comma": b",", b"semi": b";", b"excl": b"!",
    b"lpar": b"(", b"rpar": b")", b"nbsp": b"\xa0",
}  # fmt: skip
_IGNORED: Final = bytes(range(0x20))
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
    rb"(?!(?:data|https?|ftps?|cid|blob|about|urn):)[a-z][a-z0-9+.-]*+:|[/\\\\]", re.IGNORECASE
)
"""A file of the machine that converts, or what only a converter understands: `file:`, `text:/etc/passwd`, `C:`."""
_ASCII: Final = range(0x80)
_PLAIN: Final = frozenset({"www.w3.org"})
_CSS_ESCAPE: Final = re.compile(rb"\\(?:([0-9a-f]{1,6})[\t\n\f\r ]?|(.))", re.IGNORECASE | re.DOTALL)
_CSS_COMMENT: Final = re.compile(rb"/\*(?:.*?\*/|.*)", re.DOTALL)
_CSS_NAMESPACE: Final = re.compile(rb"@namespace[^;{}@]{0,300}")
_CSS_HOST: Final = rb"(?:(?:https?|ftps?):|//|\\\\)"
_CSS_URL: Final = re.compile(rb"url\(\s*+[\"']?\s*+%b" % _CSS_HOST)
_CSS_SETS: Final = (b"image-set(",)
_CSS_IN_SET: Final = re.compile(rb"[(,]\s*+[\"']\s*+%b" % _CSS_HOST)
"""A string that a function is given loads in an image-set as an address does (CSS Images 4, 2.4)."""
_CSS_IMPORT: Final = re.compile(
    rb"@import\s*+(?:url\(\s*+)?[\"']?\s*+(?:%b|data:)|src\(\s*+[\"']?\s*+%b" % (_CSS_HOST, _CSS_HOST)
)
_CSS_IMPORTS: Final = (b"@import", b"src(")
_CSS_PROGRAM: Final = re.compile(rb"-moz-binding\s*+:|expression\s*+\(")
_CSS_PROGRAMS: Final = (b"javascript:", b"vbscript:", b"data:text/html")
_CSS_CALLS: Final = (b"-moz-binding", b"expression")
CSS_WORDS: Final = (b"\\", b"&", b"/*", b"url(", b"@", b"src(", *_CSS_CALLS)
"""What makes work in a style, in small letters."""
Entities = Mapping[bytes, bytes]
Forms = tuple[bytes, ...]


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
    return _ascii(int(found[1], 16) if found[1] else int(found[2]))


def compact(value: bytes, entities: Entities) -> bytes:
    """An address as browsers take it, before its parts are told apart."""
    return decoded(value, entities).translate(None, _IGNORED).strip(b" ")


def is_program(address: bytes) -> bool:
    """Whether a compact address runs, or opens a page of its own."""
    return bool(_PROGRAM.match(address))


def is_drawing(address: bytes) -> bool:
    """Whether a compact address holds a drawing."""
    return bool(_DRAWING.match(address))


def other_host(address: bytes) -> str:
    """The other host that a compact address names; empty where it names none, or only a name that is no address."""
    found = _OTHER_HOST.match(address[:300].replace(b"\\", b"/"))
    host = "" if found is None else found["host"].decode("latin-1").lower()
    return "" if host in _PLAIN else host


def is_of_machine(address: bytes) -> bool:
    """Whether a compact address names a file wherever it is, or what a converter makes of one."""
    return bool(_OF_MACHINE.match(address))


def css_program(forms: Forms) -> bool:
    """Whether a style sheet or a style holds a program, for browsers of any age."""
    return any(_has(form, _CSS_PROGRAMS) or _match(form, _CSS_CALLS, _CSS_PROGRAM) for form in forms)


def css_import(forms: Forms) -> bool:
    """Whether a style sheet takes another from elsewhere."""
    return any(_match(form, _CSS_IMPORTS, _CSS_IMPORT) for form in forms)


def css_url(forms: Forms) -> bool:
    """Whether anything in a style sheet or a style is on another host."""
    return any(_CSS_URL.search(form) or _match(form, _CSS_SETS, _CSS_IN_SET) for form in forms)


def _has(css: bytes, words: tuple[bytes, ...]) -> bool:
    return any(word in css for word in words)


def _match(css: bytes, words: tuple[bytes, ...], pattern: re.Pattern[bytes]) -> bool:
    """Whether a pattern is found; its words are searched for first, which takes a tenth of the time."""
    return _has(css, words) and pattern.search(css) is not None


def css_forms(css: bytes, entities: Entities) -> Forms:
    """A style sheet or a style as written and without comments, each with escapes resolved and in small letters."""
    plain = decoded(css, entities)
    plain = (_CSS_ESCAPE.sub(_escaped, plain) if b"\\" in plain else plain).lower()
    plain = _CSS_NAMESPACE.sub(b"", plain) if b"@namespace" in plain else plain
    return (plain, _CSS_COMMENT.sub(b"", plain)) if b"/*" in plain else (plain,)


def _escaped(found: re.Match[bytes]) -> bytes:
    return found[2] if found[2] is not None else _ascii(int(found[1], 16))


def _ascii(number: int) -> bytes:
    return bytes((number,)) if number in _ASCII else b"?"
