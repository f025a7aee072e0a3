"""XML read by expat, which stops at document types before it expands anything."""

import re
from collections.abc import Callable, Mapping
from typing import Final
from xml.parsers import expat

from sidecar.inspection.formats.anatomy import Data
from sidecar.inspection.formats.bounds import Budget

_PLAIN: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml(?:(?!encoding)[^>])*"
    rb"(?:encoding\s*=\s*[\"'](?i:utf-?8|us-ascii|iso-8859-\d+|windows-125\d)[\"'][^>]*)?\?>|<(?!\?xml))"
)
_BEGINS: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*<|\xff\xfe|\xfe\xff|\0<|<\0|\0\0\0<|\x4c\x6f\xa7\x94")
_PAGE: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<html[\s>]|<!doctype\s+html(?:\s+public\s+\"-//W3C//[^\[>]{0,200})?\s*>)", re.IGNORECASE
)
_PIECE: Final = 64 * 1024
_LEAST_ELEMENTS: Final = 1_000_000
_ELEMENTS_PER_BYTE: Final = 8
_MOST_ELEMENTS: Final = 8_000_000
"""Elements and attributes; so many take the better part of what a worker may take."""
_OFFICE_DOCTYPE: Final = "-//OpenOffice.org//"
"""OpenOffice.org wrote document types of its own, without any declarations, into manifests and scripts."""

Start = Callable[[str, Mapping[str, str]], None]
"""An element begins: its whole name (see `local`), and its attributes by theirs (see `values`)."""


class XmlError(Exception):
    """It is not well-formed."""


class DoctypeError(Exception):
    """It has a document type: entities could follow (CWE-611, CWE-776)."""


class _EnoughError(Exception):
    pass


def looks_like_xml(head: bytes) -> bool:
    """Whether a reader could take it for XML."""
    return _BEGINS.match(head) is not None


def begins_page(head: bytes) -> bool:
    """Whether it begins as a page in HTML: seldom well-formed, and no part of a document but for one it takes in."""
    return _PAGE.match(head) is not None


def is_plain(data: bytes) -> bool:
    """Whether names stand in it as they are in ASCII: not in UTF-16, UTF-7 or EBCDIC."""
    return b"\0" not in data[:4] and _PLAIN.match(data[:512]) is not None


def elements(packed: int) -> Budget:
    """The elements that a document of so many bytes may have to be read: no honest one packs so many into a byte."""
    return Budget(min(_LEAST_ELEMENTS + packed * _ELEMENTS_PER_BYTE, _MOST_ELEMENTS), "elements")


def read(
    data: bytes,
    budget: Budget,
    start: Start,
    text: Callable[[str], None] | None = None,
    end: Callable[[str], None] | None = None,
) -> None:
    """Read all of it.

    Raises:
        XmlError: it is not well-formed.
        DoctypeError: it has a document type.
        TooMuchError: it has more elements than the budget.
    """
    parser = _parser()

    def started(name: str, attributes: Mapping[str, str]) -> None:
        budget.spend(1 + len(attributes))
        start(name, attributes)

    parser.StartElementHandler = started
    if end is not None:
        parser.EndElementHandler = end
    if text is not None:
        parser.buffer_text = True
        parser.CharacterDataHandler = text
    _parse(parser, data, last=True)


def local(name: str) -> str:
    """A name without its prefix."""
    return name.rpartition(":")[2]


def values(attributes: Mapping[str, str], name: str) -> list[str]:
    """What all attributes of this local name say: which one a reader means depends on its namespace, so each counts."""
    behind_prefix = ":" + name
    return [value for key, value in attributes.items() if key == name or key.endswith(behind_prefix)]


def read_root(data: Data) -> tuple[str, tuple[str, ...]]:
    """The local name of the first element and what its attributes say; nothing behind its start is read.

    Raises:
        XmlError: it is not well-formed so far.
        DoctypeError: it has a document type.
    """
    parser, root = _parser(), [("", tuple[str, ...]())]

    def start(name: str, attributes: Mapping[str, str]) -> None:
        root[0] = local(name), tuple(attributes.values())
        raise _EnoughError

    parser.StartElementHandler = start
    for at in range(0, len(data), _PIECE):
        _parse(parser, data[at : at + _PIECE], last=at + _PIECE >= len(data))
        if root[0][0]:
            break
    return root[0]


def read_prolog(data: bytes) -> str:
    """The local name of the first element.

    Raises:
        XmlError: it is not well-formed so far.
        DoctypeError: it has a document type.
    """
    return read_root(data)[0]


def _parser() -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _doctype
    parser.EntityDeclHandler = _entity
    return parser


def _doctype(_name: str, _system: str | None, public: str | None, internal: bool) -> None:  # noqa: FBT001 - expat's
    if internal or not (public or "").startswith(_OFFICE_DOCTYPE):
        raise DoctypeError


def _entity(*_declaration: object) -> None:
    raise DoctypeError


def _parse(parser: expat.XMLParserType, data: bytes, *, last: bool) -> None:
    try:
        parser.Parse(data, last)
    except _EnoughError:
        return
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise XmlError("not well-formed") from error
