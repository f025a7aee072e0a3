"""Names of fields and files as bytes: valid, unescaped where that is certain, without their path."""

import binascii
import re
from typing import Final
from urllib.parse import unquote_to_bytes

from sidecar.multipart import grammar
from sidecar.multipart.rules import MalformedError
from sidecar.multipart.shown import shown

# U+2028 and U+2029 end a line to JavaScript: formidable finds no file name, @mjackson/multipart-parser half of one.
_CONTROL: Final = re.compile(rb"[\x00-\x1f\x7f]|%00|\xe2\x80[\xa8\xa9]")
_MARKS_WITHIN: Final = 2
"""Question marks within an encoded word: behind its charset and behind its encoding (RFC 2047, section 2)."""
_UTF8_WORD: Final = re.compile(rb"=\?[Uu][Tt][Ff]-8\?([BbQq])\?([^?]*)\?=")
# RFC 8187, section 3.2.1: charset ' language ' then attr-char or percent escapes.
_EXTENDED: Final = re.compile(rb"([A-Za-z0-9-]+)'([A-Za-z0-9-]*)'((?:[!#$&+.^_`|~0-9A-Za-z-]|%[0-9A-Fa-f]{2})+)")
_QUOTED_PRINTABLE: Final = re.compile(rb"=([0-9A-Fa-f]{2})")
# ISO 8859-1 has controls where windows-1252 has letters; a sender that means these says what it does not mean.
_C1_CONTROL: Final = re.compile("[\x80-\x9f]")
# What multiparty, formidable, Rack, CGI.pm and HTTP::Body take for a parameter, even between the quotes of another.
# Some end a field's name at a semicolon.
_DECOY: Final = re.compile(rb";|name[*0-9]*[ \t]*=", re.IGNORECASE)
_DECOY_BEHIND: Final = re.compile(rb"[; \t](?:file)?name[*0-9]*[ \t]*=", re.IGNORECASE)
_CHARSETS: Final = {b"utf-8": "utf-8", b"iso-8859-1": "iso-8859-1"}


def field_name(raw: bytes, notes: set[str]) -> bytes:
    """The name of a field, from the raw bytes between its quotes."""
    name = _unescaped(raw, notes)
    if b"\\" in name:
        raise MalformedError(grammar.NAME_BACKSLASH, shown(raw))
    if _DECOY.search(name):
        raise MalformedError(grammar.NAME_DECOY, shown(raw))
    # Django takes white space off a name, and drops a file whose name is nothing else.
    if not _valid(name).decode().strip():
        raise MalformedError(grammar.NAME_MISSING, "white space")
    return name


def plain_filename(raw: bytes, notes: set[str]) -> bytes:
    """The file name of a `filename` parameter that stands alone, with its path."""
    if b'\\\\"' in raw:
        raise MalformedError(grammar.BACKSLASH_BEFORE_QUOTE, shown(raw))
    filename = _unescaped(raw, notes)
    return _valid(_without_decoy(filename))


def extended_filename(extended: bytes, plain: bytes | None, notes: set[str]) -> bytes:
    """The file name of a `filename*`, with its path; a `filename` beside it must say the same (RFC 8187)."""
    filename = _decoded(extended)
    notes.add("filename_extended")
    if plain is not None and not _same(plain, filename, notes):
        raise MalformedError(grammar.FILENAME_CONFLICT, f"{shown(plain)} and {shown(extended)}")
    return _valid(_without_decoy(_escaped(filename)))


def judged_filename(raw: bytes) -> bytes:
    """A file name that stands alone, in a field or a path, with its path; raises as all of these do."""
    return _valid(raw)


def without_path(filename: bytes, notes: set[str]) -> bytes:
    """The last segment, as old browsers send paths, without the trailing dots and spaces that Windows drops."""
    base = filename.replace(b"\\", b"/").rpartition(b"/")[2]
    if base != filename:
        notes.add("filename_path")
    stripped = base.rstrip(b". ")
    if stripped != base:
        notes.add("filename_trailing")
    if not stripped:
        raise MalformedError(grammar.FILENAME_BLANK, shown(filename))
    return stripped


def _unescaped(raw: bytes, notes: set[str]) -> bytes:
    """WHATWG HTML writes a quote as %22; RFC 9110 readers and older curl write it escaped."""
    if b'\\"' not in raw:
        return raw
    notes.add("escaped_quote")
    return raw.replace(b'\\"', b"%22")


def _holds_encoded_word(name: bytes) -> bool:
    """Whether some reader decodes a part of it: Tomcat's MimeUtility takes all before `?=` for the encoded text."""
    start, end = name.find(b"=?"), name.rfind(b"?=")
    return 0 <= start < end and name.count(b"?", start + 2, end) >= _MARKS_WITHIN


def _valid(name: bytes) -> bytes:
    """A name as it goes on, whichever way it came."""
    if _CONTROL.search(name):
        raise MalformedError(grammar.NAME_CONTROL, shown(name))
    try:
        name.decode()
    except UnicodeDecodeError as error:
        raise MalformedError(grammar.NAME_NOT_UTF8, shown(name)) from error
    if _holds_encoded_word(name):
        raise MalformedError(grammar.ENCODED_WORD, shown(name))
    return name


def _without_decoy(filename: bytes) -> bytes:
    if _DECOY_BEHIND.search(filename):
        raise MalformedError(grammar.NAME_DECOY, shown(filename))
    return filename


def _decoded(extended: bytes) -> bytes:
    """The value of a `filename*` in UTF-8."""
    match = _EXTENDED.fullmatch(extended)
    charset = _CHARSETS.get(match[1].lower()) if match else None
    if match is None or charset is None:
        raise MalformedError(grammar.FILENAME_EXTENDED_INVALID, shown(extended))
    try:
        text = unquote_to_bytes(match[3]).decode(charset)
    except UnicodeDecodeError as error:
        raise MalformedError(grammar.FILENAME_EXTENDED_INVALID, shown(extended)) from error
    if charset == "iso-8859-1" and _C1_CONTROL.search(text):
        raise MalformedError(grammar.FILENAME_EXTENDED_INVALID, shown(extended))
    return text.encode()


def _escaped(filename: bytes) -> bytes:
    """The three escapes of the WHATWG form encoding."""
    return filename.replace(b'"', b"%22").replace(b"\r", b"%0D").replace(b"\n", b"%0A")


def _same(plain: bytes, decoded: bytes, notes: set[str]) -> bool:
    """Whether a `filename` says what the `filename*` beside it says, in any of the forms that clients write."""
    if plain.replace(b'\\"', b"%22") in {decoded, _escaped(decoded)} or unquote_to_bytes(plain) == decoded:
        return True
    notes.add("encoded_word")
    return _decoded_word(plain) == decoded


def _decoded_word(word: bytes) -> bytes | None:
    """An encoded word in UTF-8 (RFC 2047, section 2), as .NET writes beside `filename*`; None if it is not one."""
    match = _UTF8_WORD.fullmatch(word)
    if match is None:
        return None
    if match[1] in b"Qq":
        return _QUOTED_PRINTABLE.sub(lambda escape: bytes.fromhex(escape[1].decode()), match[2].replace(b"_", b" "))
    try:
        return binascii.a2b_base64(match[2], strict_mode=True)
    except binascii.Error:
        return None
