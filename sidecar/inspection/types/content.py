"""What the first bytes of a file are, and whether they agree with what it is called."""

import re
from typing import Final, NamedTuple

from sidecar.inspection.finding import printable
from sidecar.inspection.formats.anatomy import Data
from sidecar.inspection.types.kinds import (
    EMPTY,
    TEXT,
    UNKNOWN,
    Kind,
    Risk,
    canonical,
    kind_of_suffix,
    kind_of_type,
    kinds_that_begin,
)

HEAD_SIZE: Final = 4096 + 8
"""Bytes kept from the start of every file: enough for libmagic, little enough to stay quick on hostile text.

The last eight show the header of a PDF that begins as late as any reader looks for it, and are whole letters of UTF-16.
"""
_CONTROLS: Final = bytes(set(range(32)) - set(b"\b\t\n\v\f\r\x1b") | {127})
_BEGINNING: Final = 64
"""Bytes of a file that mostly show already that it is no text."""
_UTF16: Final = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
# XML in UTF-16 needs no byte-order mark to be read (XML 1.0, appendix F).
_UTF16_XML: Final = re.compile(rb"(?:(<\0[!?a-zA-Z]\0)|\0<\0[!?a-zA-Z])")
_HIGH: Final = b"\0\x20"
"""Of Latin letters, and of dashes, quotes and currencies."""
_TOLD_BY: Final = 4096
_READABLE: Final = (b"%PDF-", b"%!", b"{\\rtf")
# libmagic takes many a first byte for that of a DOS program without a header.
_DOS: Final = "application/x-dosexec"
# What may stand before the first element or statement: white space, instructions, comments and a DOCTYPE of XML.
_BEFORE: Final = re.compile(
    rb"\s++|<\?(?!php\b|=|\s)[^>]*+>|<!--.*?-->|<!doctype\s++(?!html\b)[^>\[]*+(?:\[[^\]]*+\])?+[^>]*+>",
    re.IGNORECASE | re.DOTALL,
)
_TAG: Final = rb"<(?:[\w.-]{1,30}:)?%b[\s>/]"
_OPENERS: Final = {
    "php": re.compile(rb"<\?(?:php\b|=|\s)", re.IGNORECASE),
    "jsp": re.compile(rb"<%"),
    "sh": re.compile(rb"#!\s{0,9}/"),
    "svg": re.compile(_TAG % rb"svg", re.IGNORECASE),
    "html": re.compile(rb"<!doctype\s+html\b|" + _TAG % rb"(?:html|head|body|script|iframe)", re.IGNORECASE),
}
# What browsers take for a page where nobody tells a type, Markdown among it (WHATWG MIME Sniffing, 7.1). Chromium
# asks for nothing behind these words and takes `<bogus>` for `<b` (measured with 156); Firefox does.
_SNIFFED: Final = re.compile(
    rb"\s*+<(?:!doctype html|html|head|script|iframe|h1|div|font|table|a|style|title|b|p|!--)", re.IGNORECASE
)
_SNIFFED_XML: Final = re.compile(rb"\s*+<\?xml", re.IGNORECASE)


class Content(NamedTuple):
    """What the head of one file shows."""

    type: str
    """By libmagic, under its registered name; EMPTY for no bytes."""
    kind: Kind | None
    """None where the table does not have the type."""
    is_text: bool
    """Only printable bytes: then libmagic guesses the type from weak signs, such as a word in the middle."""
    opener: Kind | None = None
    """What the first words make a browser or a server run."""
    runs: Kind | None = None
    """What a browser, a server or a machine would run it as if nothing said otherwise."""
    begins: tuple[Kind, ...] = ()
    """What it begins like, where the table does not have the type."""

    @property
    def seen(self) -> str:
        """The content in words that are safe to print."""
        if self.type == EMPTY:
            return "an empty file"
        return printable(self.type) + (f" (opens as: {self.opener.title})" if self.opener else "")


def content_of(content_type: str, head: bytes) -> Content:
    """Judge the first bytes of a file.

    Args:
        content_type: by libmagic, empty for an empty file.
        head: the first bytes, at most HEAD_SIZE.
    """
    if not head:
        return Content(EMPTY, None, is_text=True)
    text = as_text(head)
    if text is None:
        return _of_data(canonical(content_type), kind_of_type(content_type), head)
    known = content_type if canonical(content_type) != UNKNOWN or not unmarked(head) else TEXT
    return _of_text(canonical(known), kind_of_type(known), text)


def as_text(head: bytes) -> bytes | None:
    """The head in an encoding that has ASCII in it, without a byte-order mark; None if it is not text."""
    if encoding := _UTF16.get(head[:2]):
        text = head[2:].decode(encoding, "replace").encode()
    elif encoding := unmarked(head):
        text = head.decode(encoding, "replace").encode()
    else:
        text = head.removeprefix(b"\xef\xbb\xbf")
    return None if _has_controls(text[:_BEGINNING]) or _has_controls(text) else text


def unmarked(head: bytes) -> str:
    """The encoding of UTF-16 without a byte-order mark, empty where it is none: XML, and Latin text."""
    if 0 not in head[:2]:
        return ""
    if bare := _UTF16_XML.match(head):
        return "utf-16-le" if bare[1] else "utf-16-be"
    start = head[:_TOLD_BY]
    for encoding, low, high in (("utf-16-le", start[::2], start[1::2]), ("utf-16-be", start[1::2], start[::2])):
        if 0 not in low and not high.translate(None, _HIGH) and 2 * high.count(0) > len(low):
            return encoding
    return ""


def _has_controls(text: bytes) -> bool:
    return text.translate(None, _CONTROLS) != text


def _of_data(name: str, kind: Kind | None, head: bytes) -> Content:
    """Bytes that are no clean text; only where libmagic knows nothing better can they still open like a script."""
    if kind is not None and kind is kind_of_type(_DOS) and not head.startswith(b"MZ"):
        name, kind = UNKNOWN, None
    opener = _opener(head) if kind is None or kind.text else None
    begins = kinds_that_begin(head) if kind is None else ()
    return Content(name, kind, is_text=False, opener=opener, runs=opener or _risky(kind), begins=begins)


def _of_text(name: str, kind: Kind | None, text: bytes) -> Content:
    start = text.lstrip()[:5]
    if kind is not None and kind.readable and not start.startswith(_READABLE):
        name, kind = TEXT, kind_of_type(TEXT)
    opener = _opener(text)
    return Content(
        name, kind, is_text=True, opener=opener, runs=opener or (_risky(kind) if start[:1] == b"<" else None)
    )


def _risky(kind: Kind | None) -> Kind | None:
    return kind if kind is not None and kind.risk is not Risk.PASSIVE else None


def behind_prolog(text: Data) -> int:
    """Where the first element or statement stands, if there is one."""
    position = 3 if text[:3] == b"\xef\xbb\xbf" else 0
    while match := _BEFORE.match(text, position):
        position = match.end()
    return position


def _opener(text: bytes) -> Kind | None:
    position = behind_prolog(text)
    suffix = next((suffix for suffix, pattern in _OPENERS.items() if pattern.match(text, position)), "")
    return kind_of_suffix(suffix)


def sniffed_as_page(head: bytes) -> bool:
    """Whether browsers show it as a page where neither a name nor a type says otherwise."""
    return bool(_SNIFFED.match(head))


def sniffed_as_xml(head: bytes) -> bool:
    """Whether browsers read it as XML there."""
    return bool(_SNIFFED_XML.match(head))


def may_pass_as(content: Content) -> frozenset[str]:
    """All types that name the content, the more general ones too: CSV is text, a DOCX is a ZIP.

    What is active or a program goes by its own name alone.
    """
    if content.opener is not None:
        return content.opener.types
    general = frozenset({content.type})
    if content.is_text and not (content.kind and content.kind.readable):
        general |= {TEXT}
    if content.kind is not None and content.kind.risk is Risk.PASSIVE:
        general |= content.kind.within
    return general


def agrees(claim: Kind, content: Content) -> bool:
    """Whether content is what a suffix or a declared type says it is."""
    if content.type == EMPTY:
        return True
    if content.opener is not None:
        return claim.verbatim or content.opener is claim or not claim.looser.isdisjoint(content.opener.types)
    if claim.text:
        return _reads_as_text(content)
    return _is_a(claim, content)


def _reads_as_text(content: Content) -> bool:
    """Text kinds are lenient among each other: libmagic tells them apart by weak signs."""
    if content.is_text:
        return not (content.kind and content.kind.readable)
    # Logs hold stray zero bytes, and odd encodings look like data.
    return content.type == UNKNOWN or content.type.startswith("text/") or bool(content.kind and content.kind.text)


def _is_a(claim: Kind, content: Content) -> bool:
    if content.kind is claim:
        return True
    general = may_pass_as(content)
    if not general.isdisjoint(claim.types):
        return True
    if not claim.looser.isdisjoint({content.type} | (general & {TEXT})):
        return True
    return claim in content.begins
