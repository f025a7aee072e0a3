"""Content-Type of a part: kept as it was sent, or refused."""

import re
from typing import Final

from sidecar.multipart import grammar
from sidecar.multipart.rules import MalformedError
from sidecar.multipart.shown import shown

_TOKEN: Final = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_HALF: Final = re.compile(rb"(?!(?i:multipart|message)\Z)[A-Za-z0-9-]{1,64}")
_MEDIA_TYPE: Final = re.compile(rb"(%b)/%b(?=[ \t]*(?:;|\Z))" % (_TOKEN, _TOKEN))
# RFC 9110, section 5.6.6, without the empty parameter, which no client sends.
_PARAMETER: Final = re.compile(
    rb"[ \t]*;[ \t]*(%b)=(?:(%b)|\"((?:[^\"\\\x80-\xff]|\\[ -~])*+)\")(?=[ \t]*(?:;|\Z))" % (_TOKEN, _TOKEN)
)
# Charsets in which ASCII bytes can mean something else: an HTML tag or a PHP opener hides in them.
_NOT_ASCII: Final = re.compile(
    rb"utf-?7|utf-?16|utf-?32|ucs|unicode|10646|iso-?2022|hz-gb|ebcdic|(?:ibm|cp)-?0*(?:37|273|424|500|875|1026|1047|114\d)",
    re.IGNORECASE,
)


def parse_part_type(value: bytes, *, is_file: bool, notes: set[str]) -> bytes | None:
    """Judge a part's Content-Type (RFC 7578, section 4.4; RFC 9110, section 8.3) and give it back as it was sent.

    Half a type (`image`, `pdf`) is what mobile apps and scripts write that set a file's type by hand. It tells nothing,
    so such a file has none.

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
    if media[1].lower() == b"multipart":
        raise MalformedError(grammar.PART_TYPE_MULTIPART, shown(media[0]))
    _judge_parameters(value, media.end(), is_file=is_file)
    return value


def _judge_parameters(value: bytes, position: int, *, is_file: bool) -> None:
    known: set[bytes] = set()
    while position < len(value):
        parameter = _PARAMETER.match(value, position)
        if parameter is None or parameter[1].lower() in known:
            raise MalformedError(grammar.PART_TYPE_INVALID, shown(value[position:]))
        known.add(parameter[1].lower())
        _judge(parameter[1].lower(), parameter[2] or parameter[3] or b"", is_file=is_file)
        position = parameter.end()


def _judge(name: bytes, content: bytes, *, is_file: bool) -> None:
    if name.startswith(b"charset") and _NOT_ASCII.search(content):
        raise MalformedError(grammar.PART_TYPE_CHARSET, shown(content))
    # Python's email package, and mail readers made into form parsers, take `name` where `filename` is missing.
    if not is_file and name.startswith((b"name", b"filename")):
        raise MalformedError(grammar.PART_TYPE_FILENAME, shown(content))
