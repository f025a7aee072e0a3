"""The header block of a part, read into a Part."""

import re
from typing import Final

from sidecar.multipart import grammar
from sidecar.multipart.disposition import parse_disposition
from sidecar.multipart.events import Part
from sidecar.multipart.limits import Limits
from sidecar.multipart.part_type import kept_type
from sidecar.multipart.rules import MalformedError, Rule
from sidecar.multipart.shown import shown

# The head that browsers, curl and most libraries send, letter for letter. Whatever it does not match goes to
# `parse_head`; whatever it matches, `parse_head` reads alike (tests/multipart/test_part_head.py).
# A type with `mu` in it could be a `multipart`.
_COMMON_HALF: Final = rb"[!#$&+.^_0-9A-LN-Za-ln-z-]*+(?:[Mm](?![Uu])[!#$&+.^_0-9A-LN-Za-ln-z-]*+)*+"
_COMMON_TYPE: Final = rb"(?!/|(?i:application/x-w))%b/(?!\r)%b" % (_COMMON_HALF, _COMMON_HALF)
_COMMON: Final = re.compile(
    rb"\r\nContent-Disposition: form-data; name=\"(?! *\")([^\"\\%?;=\x00-\x1f\x7f-\xff]{1,256})\""
    rb"(?:; filename=\"((?:[^\"\\/%?=\x00-\x1f\x7f-\xff]{0,254}[^\"\\/%?=. \x00-\x1f\x7f-\xff])?)\""
    rb"\r\nContent-Type: (" + _COMMON_TYPE + rb"))?\r\n\r\n"
)
_FRAME: Final = len(b"\r\n\r\n\r\n")
_BARE_LF: Final = re.compile(rb"(?<!\r)\n")
_BARE_CR: Final = re.compile(rb"\r(?!\n)")
_FOLD: Final = (b" ", b"\t", b"\v", b"\f")
_TOKEN: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_KEPT: Final = {b"content-disposition": b"Content-Disposition", b"content-type": b"Content-Type"}
_IDENTITY: Final = frozenset({b"7bit", b"8bit", b"binary"})

Headers = list[tuple[bytes, bytes]]


def common_head(chunk: bytes, position: int, index: int, limits: Limits) -> tuple[Part, int] | None:
    """A head in the common form at `position`, the CRLF of the delimiter's line, and where its data begins."""
    match = _COMMON.match(chunk, position)
    if match is None or match.end() - position - _FRAME > limits.header_block:
        return None
    name, filename, content_type = match.groups()
    return Part(index, name, filename, content_type), match.end()


def parse_head(block: bytes, index: int, limits: Limits, notes: set[str]) -> Part:
    """Read the lines between a delimiter and the blank line (RFC 7578, section 4; RFC 5322, section 2.2).

    Args:
        block: the lines without the last CRLF and the blank line, at most `limits.header_block` bytes.
        index: position of the part in the body, from 0.
        limits: bounds lines and parameters.
        notes: receives the names of the normalisations that took place.

    Raises:
        MalformedError: with one of the rules on part headers or Content-Disposition.
    """
    refuse_bare_line_ends(block)
    headers = _headers(block, limits, notes)
    value = _only(headers, b"content-disposition", grammar.DISPOSITION_DUPLICATE)
    if value is None:
        raise MalformedError(grammar.DISPOSITION_MISSING)
    disposition = parse_disposition(value, limits, notes)
    declared = _only(headers, b"content-type", grammar.PART_TYPE_DUPLICATE)
    is_file = disposition.filename is not None
    content_type = None if declared is None else kept_type(declared, is_file=is_file, notes=notes)
    _note_order(headers, content_type, disposition.filename, notes)
    return Part(index, disposition.name, disposition.filename, content_type, disposition.filename_as_sent)


def refuse_bare_line_ends(block: bytes) -> None:
    """Refuse CR and LF that do not stand together (RFC 2046, section 4.1.1)."""
    if _BARE_LF.search(block):
        raise MalformedError(grammar.BARE_LF, "in the headers of a part")
    if _BARE_CR.search(block):
        raise MalformedError(grammar.BARE_CR, "in the headers of a part")


def _headers(block: bytes, limits: Limits, notes: set[str]) -> Headers:
    lines = block.split(b"\r\n")
    if len(lines) > limits.headers:
        raise MalformedError(grammar.HEADERS_TOO_MANY, f"{len(lines)} headers")
    return [_header(line, notes) for line in lines]


def _header(line: bytes, notes: set[str]) -> tuple[bytes, bytes]:
    if line.startswith(_FOLD):
        raise MalformedError(grammar.HEADER_FOLDED, shown(line))
    sent, colon, rest = line.partition(b":")
    if not colon:
        raise MalformedError(_without_colon(line), shown(line))
    if not _TOKEN.fullmatch(sent):
        raise MalformedError(grammar.HEADER_NAME_INVALID, shown(sent))
    if b"_" in sent:
        raise MalformedError(grammar.HEADER_NAME_UNDERSCORE, shown(sent))
    if _CONTROL.search(rest):
        raise MalformedError(grammar.HEADER_VALUE_CONTROL, shown(rest))
    name, value = sent.lower(), rest.strip(b" \t")
    if name in _KEPT:
        _note_form(sent, rest, notes)
    else:
        _drop(name, value, notes)
    return name, value


def _without_colon(line: bytes) -> Rule:
    """A delimiter where a header is expected means that the blank line is missing."""
    return grammar.HEADER_BLOCK_UNTERMINATED if line.startswith(b"--") else grammar.HEADER_COLON_MISSING


def _note_form(sent: bytes, rest: bytes, notes: set[str]) -> None:
    if sent != _KEPT[sent.lower()]:
        notes.add("header_case")
    if rest[:1] != b" " or rest[1:] != rest[1:].strip(b" \t"):
        notes.add("header_spacing")


def _drop(name: bytes, value: bytes, notes: set[str]) -> None:
    if name == b"content-transfer-encoding":
        if value.lower() not in _IDENTITY:
            raise MalformedError(grammar.TRANSFER_ENCODING, shown(value))
        notes.add("transfer_encoding_dropped")
    else:
        notes.add("content_length_dropped" if name == b"content-length" else "header_dropped")


def _only(headers: Headers, name: bytes, duplicate: Rule) -> bytes | None:
    values = [value for header, value in headers if header == name]
    if len(values) > 1:
        raise MalformedError(duplicate, f"{len(values)} headers")
    return values[0] if values else None


def _note_order(headers: Headers, content_type: bytes | None, filename: bytes | None, notes: set[str]) -> None:
    if filename is not None and content_type is None:
        notes.add("part_type_missing")
    if next(name for name, _ in headers if name in _KEPT) == b"content-type":
        notes.add("header_order")
