"""Content-Disposition of a part: its name and file name, in the one reading that all parsers share."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sidecar.multipart import grammar
from sidecar.multipart.filename import extended_filename, field_name, plain_filename, without_path
from sidecar.multipart.limits import DEFAULT_LIMITS, Limits
from sidecar.multipart.rules import MalformedError, Rule
from sidecar.multipart.shown import shown

_SPACE: Final = b" \t"
_TYPE: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_SEPARATOR: Final = re.compile(rb"[ \t]*;[ \t]*")
_PARAMETER_NAME: Final = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+)=")
# A single quote is a token character by RFC 9110, but parsers that know it as a quotation mark take it off.
_PLAIN: Final = re.compile(rb"[!#$%&*+.^_`|~0-9A-Za-z-]+(?=[ \t]*(?:;|\Z))")
_EXTENDED: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+(?=[ \t]*(?:;|\Z))")
# A backslash before a quote always takes the quote with it: possessive, so that no second reading is tried.
_QUOTED: Final = re.compile(rb'"((?:[^"\\]|\\"?)*+)"')
_AFTER_QUOTED: Final = re.compile(rb"[ \t]*(?:;|\Z)")
_KNOWN: Final = frozenset({b"name", b"filename", b"filename*"})
_OF_MESSAGES: Final = frozenset({b"attachment", b"inline", b"form-data"})
# RFC 2183, sections 2.4 to 2.7; Jersey sends two of them with every file. Nothing else may stand there.
_DATE: Final = re.compile(rb"[A-Za-z0-9 ,:+-]+")
_INERT: Final = {
    b"size": re.compile(rb"[0-9]+"),
    b"creation-date": _DATE,
    b"modification-date": _DATE,
    b"read-date": _DATE,
}


@dataclass(frozen=True, slots=True)
class Disposition:
    """What a Content-Disposition says; raw bytes as in `Part`."""

    name: bytes
    filename: bytes | None
    filename_as_sent: bytes | None


@dataclass(frozen=True, slots=True)
class _Value:
    raw: bytes
    quoted: bool


def parse_disposition(value: bytes, limits: Limits, notes: set[str]) -> Disposition:
    """Read a Content-Disposition (RFC 7578, section 4.2; RFC 6266, section 4.1; WHATWG HTML).

    Args:
        value: the header's value without white space round it or control characters other than tab.
        limits: bounds the number of parameters.
        notes: receives the names of the normalisations that took place.

    Raises:
        MalformedError: with one of the rules on Content-Disposition.
    """
    parameters = _known(_parameters(value, _after_type(value, notes), limits, notes), notes)
    name = _name(parameters, notes)
    sent = _filename(parameters, notes)
    if not sent:
        return Disposition(name, sent, None)
    filename = without_path(sent, notes)
    return Disposition(name, filename, None if filename == sent else sent)


def parse_attachment(value: bytes) -> bytes | None:
    """The file name, with its path, in the Content-Disposition of a whole message (RFC 6266, section 4.1).

    As strict as `parse_disposition`, but a name for a field is not needed. None where it names no file.

    Raises:
        MalformedError: with one of the rules on Content-Disposition.
    """
    match = _match(_TYPE, value, 0, grammar.DISPOSITION_INVALID)
    if match[0].lower() not in _OF_MESSAGES:
        raise MalformedError(grammar.DISPOSITION_INVALID, shown(value))
    return _filename(_known(_parameters(value, match.end(), DEFAULT_LIMITS, set()), set()), set())


def _after_type(value: bytes, notes: set[str]) -> int:
    match = _TYPE.match(value)
    if match is None or match[0].lower() != b"form-data":
        raise MalformedError(grammar.DISPOSITION_NOT_FORM_DATA, shown(value))
    if match[0] != b"form-data":
        notes.add("disposition_case")
    return match.end()


def _parameters(value: bytes, position: int, limits: Limits, notes: set[str]) -> list[tuple[bytes, _Value]]:
    found: list[tuple[bytes, _Value]] = []
    while position < len(value):
        separator = _match(_SEPARATOR, value, position, grammar.DISPOSITION_INVALID)
        if separator.end() == len(value):
            notes.add("trailing_semicolon")
            break
        if separator[0] != b"; ":
            notes.add("disposition_spacing")
        if len(found) == limits.disposition_parameters:
            raise MalformedError(grammar.PARAMETERS_TOO_MANY, f"more than {limits.disposition_parameters}")
        name = _match(_PARAMETER_NAME, value, separator.end(), grammar.DISPOSITION_INVALID)
        content, position = _value(value, name.end(), extended=name[1].endswith(b"*"))
        found.append((name[1], content))
    return found


def _match(pattern: re.Pattern[bytes], value: bytes, position: int, rule: Rule) -> re.Match[bytes]:
    match = pattern.match(value, position)
    if match is None:
        raise MalformedError(rule, shown(value[position:]))
    return match


def _value(value: bytes, position: int, *, extended: bool) -> tuple[_Value, int]:
    if value[position : position + 1] == b'"':
        return _quoted(value, position)
    match = _match(_EXTENDED if extended else _PLAIN, value, position, grammar.VALUE_UNQUOTED)
    return _Value(match[0], quoted=False), match.end()


def _quoted(value: bytes, position: int) -> tuple[_Value, int]:
    match = _QUOTED.match(value, position)
    if match is None:
        escaped = b'\\"' in value[position:]
        rule = grammar.BACKSLASH_BEFORE_QUOTE if escaped else grammar.QUOTE_UNTERMINATED
        raise MalformedError(rule, shown(value[position:]))
    _match(_AFTER_QUOTED, value, match.end(), grammar.QUOTE_TRAILING)
    return _Value(match[1], quoted=True), match.end()


def _known(found: list[tuple[bytes, _Value]], notes: set[str]) -> Mapping[bytes, _Value]:
    known: dict[bytes, _Value] = {}
    for sent, value in found:
        name = sent.lower()
        if name in known:
            raise MalformedError(grammar.PARAMETER_DUPLICATE, shown(sent))
        known[name] = value
        if name in _KNOWN:
            _note_form(sent, name, value, notes)
        else:
            _drop(name, value, notes)
    if next(iter(known), b"name") != b"name":
        notes.add("disposition_order")
    return known


def _note_form(sent: bytes, name: bytes, value: _Value, notes: set[str]) -> None:
    if name != sent:
        notes.add("disposition_case")
    if not value.quoted and name != b"filename*":
        notes.add("value_unquoted")


def _drop(name: bytes, value: _Value, notes: set[str]) -> None:
    pattern = _INERT.get(name)
    if pattern is None or not pattern.fullmatch(value.raw):
        rule = grammar.PARAMETER_EXTENDED if b"*" in name else grammar.PARAMETER_UNKNOWN
        raise MalformedError(rule, shown(name))
    notes.add("disposition_parameter_dropped")


def _name(parameters: Mapping[bytes, _Value], notes: set[str]) -> bytes:
    value = parameters.get(b"name")
    if value is None or not value.raw:
        raise MalformedError(grammar.NAME_MISSING, "empty" if value else "none")
    return field_name(value.raw, notes)


def _filename(parameters: Mapping[bytes, _Value], notes: set[str]) -> bytes | None:
    plain, extended = parameters.get(b"filename"), parameters.get(b"filename*")
    if extended is None:
        return None if plain is None else plain_filename(plain.raw, notes)
    if extended.quoted:
        raise MalformedError(grammar.FILENAME_EXTENDED_INVALID, "in quotes")
    return extended_filename(extended.raw, None if plain is None else plain.raw, notes)
