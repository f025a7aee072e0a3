"""What codes of fields, and names of templates, begin with that ask programs or other machines.

The same as `fields` and `addresses` say, for a text of which readers skip different pieces.
"""

from collections.abc import Iterable
from typing import Final

from sidecar.inspection.formats.office.addresses import FETCHED, RUNS
from sidecar.inspection.formats.office.readings import ANY, LETTERS, NAMES, SPACE, Patterns, Step, Steps, spelled

_STROKE: Final = frozenset("\\")
_SLASHES: Final = frozenset("/\\")
_IN_SCHEME: Final = NAMES | frozenset("+.-")
_HOST: Final = NAMES | frozenset("_@.-")
_BEHIND: Final = ANY - NAMES


def _words(*those: str) -> tuple[Steps, ...]:
    return tuple((*spelled(word), Step(_BEHIND)) for word in those)


_DDE: Final = _words("dde", "ddeauto")
DDE: Final = Patterns(_DDE)
"""A field that asks another program for data (CVE-2017-11826 and its kin)."""


def _other_than(word: str, first: frozenset[str], further: frozenset[str], end: frozenset[str]) -> tuple[Steps, ...]:
    """Any word but one, of two characters at least, and what ends it."""
    size, begin, another = len(word), Step(first), Step(further)
    shorter = tuple((begin, *(another,) * (each - 1)) for each in range(2, size))
    longer = (begin, *(another,) * (size - 1), Step(further, further))
    other = tuple(
        (*spelled(word[:at]), Step((further if at else first) - {word[at]}), *(another,) * (size - at - 1))
        for at in range(size)
    )
    return tuple((*each, Step(end)) for each in (*shorter, longer, *other))


_SCHEMES: Final = _other_than("file", LETTERS, _IN_SCHEME, frozenset(":"))
"""A single letter is a drive."""
_SHARES: Final = ((Step(frozenset("/")),) * 2, (Step(_STROKE),) * 2)
_FILES: Final = tuple(
    (*spelled("file:"), *(Step(_SLASHES),) * 2, *rest)
    for rest in ((Step(_SLASHES),) * 2, *_other_than("localhost", _HOST, _HOST, _SLASHES))
)
REMOTE: Final = Patterns((*_SCHEMES, *_SHARES, *_FILES))
"""An address on another machine; a file beside the document or on a drive is none."""

_BETWEEN: Final = Step(SPACE | frozenset("\0\"'`=;,([<|"))
_KNOWN: Final = tuple(spelled(f"{scheme}:") for scheme in sorted(RUNS | FETCHED))
_WITH_HOST: Final = tuple((*scheme, *_SHARES[0]) for scheme in _SCHEMES)


def _among_words(addresses: Iterable[Steps]) -> Patterns:
    """Any of the addresses behind something."""
    return Patterns((Step(ANY, ANY), _BETWEEN, *address) for address in addresses)


_READING: Final = _words("includetext", "include", "link", "import", "rd", "database")
_SHOWING: Final = _words("includepicture")
READING: Final = Patterns(_READING)
"""A field that takes in a document."""
SHOWING: Final = Patterns(_SHOWING)
"""One that takes in a picture."""
REMOTE_WORD: Final = _among_words((*_KNOWN, *_WITH_HOST, *_SHARES, *_FILES))
"""An address on another machine among the words of a code."""
SHARED_WORD: Final = _among_words((*_SHARES, *_FILES))
"""A file on another machine among them."""
FIELD: Final = Patterns((*_DDE, *_READING, *_SHOWING))
"""Any of these fields, asked first: most fields are none."""
