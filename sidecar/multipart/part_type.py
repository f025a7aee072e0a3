"""Content-Type of a part: the type and the parameters that go on, or the rule that was broken."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from sidecar.multipart import grammar
from sidecar.multipart.rules import MalformedError
from sidecar.multipart.shown import shown

_TOKEN: Final = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_HALF: Final = re.compile(rb"(?!(?i:multipart|message)\Z)\.?[A-Za-z0-9-]{1,64}|")
_MEDIA_TYPE: Final = re.compile(rb"(%b)/%b(?=[ \t]*(?:;|\Z))" % (_TOKEN, _TOKEN))
# RFC 9110, section 5.6.6; with commas, as browsers write `video/webm;codecs=vp8,opus` for what they recorded.
_PARAMETER: Final = re.compile(
    rb"[ \t]*;[ \t]*(%b)=(?:([!#$%%&'*+,.^_`|~0-9A-Za-z-]+)|\"((?:[^\"\\\x80-\xff]|\\[ -~])*+)\")(?=[ \t]*(?:;|\Z))"
    % _TOKEN
)
# All that goes on. Rack 2 and cgicc look for a file's name in the whole head, Mojolicious and CGI.pm for `multipart` in
# the whole type, without regard to quotes and escapes; these, with such values, parsers read as nothing else. Without
# rate and channels nobody can play `audio/L16` (RFC 2586, 3), nor tell an invitation from its end without method
# (RFC 6047, 2.4).
_KNOWN: Final = frozenset(
    b"channels charset codecs component delsp ext fhirversion format header method odata profile rate transfer-syntax "
    b"type v variant version".split()
)
_PLAIN: Final = re.compile(rb"[A-Za-z0-9 ._+/,:#~-]+")
_NESTED: Final = b"multipart"
# Supersets of ASCII. In others an HTML tag, a PHP opener or a path can hide; WebOb decodes names by them, too.
# IBM's code pages 870, 871 and 875 are EBCDIC, and 864 has another percent sign.
_ASCII_BASED: Final = re.compile(
    rb"utf[-_]?8(?:mb[34])?|(?:us-)?ascii|(?:ansi[-_])?x3\.4[-_]19(?:68|86)|646|iso646-us|binary|"
    rb"(?:iso[-_]?8859[-_]?|latin[-_]?)\d{1,2}(?:-[ei]|:19\d\d)?|x-cp125\d|"
    rb"(?:windows|cp|ms|ibm)[-_]?(?:125\d|367|437|7[37]\d|85\d|86[0-35-9]|874|932|936|943c?|949|950)|"
    rb"shift[-_]?jis|x-sjis|sjis|windows-31j|euc[-_]?(?:jp|kr|cn|tw)|(?:x-)?gbk|gb2312|gb18030|big5(?:[-_]hkscs)?|"
    rb"ks_c_5601-1987|koi8[-_][rtu]|tis-620|macintosh|(?:x-)?mac[-_]?(?:roman|cyrillic|greek|turkish|ce)",
    re.IGNORECASE,
)
# The form's own type, which apps write for a part, too: without a boundary no parser finds parts in it.
_BARE_FORM: Final = re.compile(
    rb"multipart/form-data(?:[ \t]*;[ \t]*charset=(\"?)(?:%b)\1)?" % _ASCII_BASED.pattern, re.IGNORECASE
)
_TEXT: Final = re.compile(
    rb"(?:text/|application/(?:json|xml|javascript|graphql|x-ndjson|(?:[^;]{1,80}\+)?(?:json|xml))[ \t]*(?:;|\Z))",
    re.IGNORECASE,
)


def is_text(content_type: bytes) -> bool:
    """Whether a declared type is one of texts, such as a form's field may have."""
    return _TEXT.match(content_type) is not None


def kept_type(value: bytes, *, is_file: bool, notes: set[str]) -> bytes | None:
    """What goes on of a part's Content-Type: as `parse_part_type` has it, but nothing of the type of a whole form.

    Args:
        value: without white space round it or control characters other than tab.
        is_file: whether the part has a file name.
        notes: receives the names of the normalisations that took place.

    Raises:
        MalformedError: with one of the rules `part_type_...`.
    """
    is_bare = _BARE_FORM.fullmatch(value) is not None
    kept = None if is_bare else parse_part_type(value, is_file=is_file, notes=notes)
    if is_bare or (kept is not None and _is_urlencoded(kept)):
        notes.add("part_type_form")
        return None
    return kept


def _is_urlencoded(content_type: bytes) -> bool:
    """Whether Python's cgi would read a form in the part, which swallows all parts behind it."""
    return content_type.partition(b";")[0].rstrip(b" \t").lower() == b"application/x-www-form-urlencoded"


def parse_part_type(value: bytes, *, is_file: bool, notes: set[str]) -> bytes | None:
    """Judge a part's Content-Type (RFC 7578, section 4.4; RFC 9110, section 8.3) and give what goes on of it.

    Half a type (`image`, `pdf`), or an empty one, is what mobile apps and scripts write that set a file's type by hand.
    It tells nothing, so such a file has none.

    Args:
        value: without white space round it or control characters other than tab.
        is_file: whether the part has a file name.
        notes: receives the names of the normalisations that took place.

    Raises:
        MalformedError: with one of the rules `part_type_...`.
    """
    if is_file and _HALF.fullmatch(value):
        notes.add("part_type_halved")
        return None
    media = _MEDIA_TYPE.match(value)
    if media is None:
        raise MalformedError(grammar.PART_TYPE_INVALID, shown(value) or "empty")
    if _NESTED in media[0].lower():
        raise MalformedError(grammar.PART_TYPE_MULTIPART, shown(media[0]))
    if value.rstrip(b" \t").endswith(b";"):
        notes.add("trailing_semicolon")
    return media[0] + b"".join(_harmless(_parameters(value, media.end()), is_file=is_file, notes=notes))


def _parameters(value: bytes, position: int) -> Iterator[re.Match[bytes]]:
    """Each with its name and value; a semicolon with nothing behind it is none (RFC 9110, section 5.6.6)."""
    known: set[bytes] = set()
    while value[position:].strip(b" \t") not in {b"", b";"}:
        parameter = _PARAMETER.match(value, position)
        if parameter is None or parameter[1].lower() in known:
            raise MalformedError(grammar.PART_TYPE_INVALID, shown(value[position:]))
        known.add(parameter[1].lower())
        yield parameter
        position = parameter.end()


def _harmless(parameters: Iterable[re.Match[bytes]], *, is_file: bool, notes: set[str]) -> Iterator[bytes]:
    """Those that no parser takes for anything else, as they were sent."""
    for parameter in parameters:
        name, content = parameter[1].lower(), parameter[2] or parameter[3] or b""
        _judge(name, content, is_file=is_file)
        if name in _KNOWN and _PLAIN.fullmatch(content) and _NESTED not in content.lower():
            yield parameter[0]
        else:
            notes.add("part_type_parameter_dropped")


def _judge(name: bytes, content: bytes, *, is_file: bool) -> None:
    if name.startswith(b"charset") and not _ASCII_BASED.fullmatch(content):
        raise MalformedError(grammar.PART_TYPE_CHARSET, shown(content))
    # Python's email package, and mail readers made into form parsers, take `name` where `filename` is missing.
    if not is_file and name.startswith((b"name", b"filename")):
        raise MalformedError(grammar.PART_TYPE_FILENAME, shown(content))
