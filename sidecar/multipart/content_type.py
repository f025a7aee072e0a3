"""Content-Type of the request: the one boundary, or the rule that was broken."""

import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from sidecar.multipart import grammar
from sidecar.multipart.limits import DEFAULT_LIMITS, Limits
from sidecar.multipart.rules import MalformedError, Rule
from sidecar.multipart.shown import shown

_SPACE: Final = b" \t"
_TOKEN: Final = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_MEDIA_TYPE: Final = re.compile(rb"%b/%b(?=[ \t]*(?:[;,]|\Z))" % (_TOKEN, _TOKEN))
# RFC 9110, section 5.6.6; a quoted-pair (backslash) is left out: RFC 2046 boundaries need none, and parsers disagree.
_PARAMETER: Final = re.compile(
    rb"[ \t]*;[ \t]*(?:(%b)=(?:(%b)|\"([^\"\\]*)\")(?=[ \t]*(?:[;,]|\Z))|\Z)" % (_TOKEN, _TOKEN)
)
_PARAMETER_NAME: Final = re.compile(rb"[ \t]*;[ \t]*(%b)=" % _TOKEN)
# RFC 2046, section 5.1.1, bcharsnospace; those that are no token characters stand in quotes.
_BOUNDARY: Final = re.compile(rb"[0-9A-Za-z'()+_,./:=?-]+")
_LIKE_FORM: Final = re.compile(rb"multipart|form-data", re.IGNORECASE)
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f-\xff]")
# What nearly every client sends; all that it does not match is read by the whole grammar, to the same end.
_COMMON: Final = re.compile(rb"multipart/form-data; ?boundary=([0-9A-Za-z'+_.-]+)")
_UTF8: Final = frozenset({b"utf-8", b"utf8"})
_ASCII: Final = frozenset({b"us-ascii", b"ascii"})


class FormType(NamedTuple):
    """A Content-Type of multipart/form-data, as it was read."""

    boundary: bytes
    charset_is_utf8: bool
    """Whether the request says `charset=utf-8`, which servlet containers go by."""


def is_multipart(values: Sequence[bytes]) -> bool:
    """Whether any Content-Type could mean a form to some service: lenient, so that no spelling slips past."""
    return any(map(_LIKE_FORM.search, values))


def form_type(values: Sequence[bytes], limits: Limits = DEFAULT_LIMITS) -> FormType:
    """The Content-Type, from the values of all headers of the request (RFC 7578, section 4.1; RFC 9110, section 8.3).

    Raises:
        MalformedError: with one of the rules on `content_type_...` and `boundary_...`.
    """
    value = _single(values)
    common = _COMMON.fullmatch(value)
    if common is not None and len(common[1]) <= limits.boundary:
        return FormType(common[1], charset_is_utf8=False)
    media = _MEDIA_TYPE.match(value)
    if media is None or _CONTROL.search(value):
        raise MalformedError(grammar.CONTENT_TYPE_INVALID, shown(value))
    if value[media.end() :].lstrip(_SPACE).startswith(b","):
        raise MalformedError(grammar.CONTENT_TYPE_DUPLICATE, shown(value))  # RFC 9110, section 5.3: two headers in one
    if media[0].lower() != b"multipart/form-data":
        raise MalformedError(grammar.CONTENT_TYPE_NOT_FORM, shown(media[0]))
    parameters = _parameters(value, media.end())
    _refuse_decoys(parameters)
    return FormType(_boundary(parameters, limits), _is_utf8(parameters))


def _single(values: Sequence[bytes]) -> bytes:
    if not values:
        raise MalformedError(grammar.CONTENT_TYPE_MISSING)
    if len(values) > 1:
        raise MalformedError(grammar.CONTENT_TYPE_DUPLICATE, f"{len(values)} headers")
    return values[0].strip(_SPACE)


def _parameters(value: bytes, position: int) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    while position < len(value):
        match = _PARAMETER.match(value, position)
        if match is None:
            raise MalformedError(_unreadable(value, position), shown(value[position:]))
        position = match.end()
        if match[1] is not None:
            _add(found, match)
    return found


def _add(found: dict[bytes, bytes], match: re.Match[bytes]) -> None:
    name = match[1].lower()
    if name in found:
        rule = grammar.BOUNDARY_DUPLICATE if name == b"boundary" else grammar.CONTENT_TYPE_INVALID
        raise MalformedError(rule, f"{shown(name)} twice")
    found[name] = match[3] if match[2] is None else match[2]


def _unreadable(value: bytes, position: int) -> Rule:
    """The rule that says most about a parameter which the grammar does not know."""
    if value[position:].lstrip(_SPACE).startswith(b","):
        return grammar.CONTENT_TYPE_DUPLICATE
    name = _PARAMETER_NAME.match(value, position)
    return grammar.BOUNDARY_INVALID if name and name[1].lower() == b"boundary" else grammar.CONTENT_TYPE_INVALID


def _refuse_decoys(parameters: Mapping[bytes, bytes]) -> None:
    for name, value in parameters.items():
        if name.startswith(b"boundary*"):
            raise MalformedError(grammar.BOUNDARY_EXTENDED, shown(name))
        if name != b"boundary" and (b"boundary" in name or b"boundary" in value.lower()):
            raise MalformedError(grammar.BOUNDARY_DECOY, shown(name))


def _boundary(parameters: Mapping[bytes, bytes], limits: Limits) -> bytes:
    value = parameters.get(b"boundary")
    if value is None:
        raise MalformedError(grammar.BOUNDARY_MISSING)
    if len(value) > limits.boundary:
        raise MalformedError(grammar.BOUNDARY_TOO_LONG, f"{len(value)} characters")
    if not _BOUNDARY.fullmatch(value):
        raise MalformedError(grammar.BOUNDARY_INVALID, shown(value) or "empty")
    return value


def _is_utf8(parameters: Mapping[bytes, bytes]) -> bool:
    charset = parameters.get(b"charset")
    if charset is None or charset.lower() in _ASCII:
        return False
    if charset.lower() in _UTF8:
        return True
    raise MalformedError(grammar.CONTENT_TYPE_CHARSET, shown(charset))
