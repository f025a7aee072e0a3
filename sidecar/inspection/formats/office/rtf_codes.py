"""What codes of fields, and names of templates, begin with that ask programs or other machines.

The same as `fields` and `addresses` say, for a text of which readers skip different pieces.
"""

from itertools import product
from typing import Final

from sidecar.inspection.formats.office.readings import ANY, LETTERS, NAMES, QUOTES, Patterns, Step, Steps, spelled

_STROKE: Final = frozenset("\\")
_SLASHES: Final = frozenset("/\\")
_IN_SCHEME: Final = NAMES | frozenset("+.-")
_HOST: Final = NAMES | frozenset("_@.-")
_BEHIND: Final = ANY - NAMES

_DDE: Final = tuple((*spelled(word), Step(_BEHIND)) for word in ("dde", "ddeauto"))
DDE: Final = Patterns(_DDE)
"""A field that asks another program for data (CVE-2017-11826 and its kin)."""


def _other_than(scheme: str) -> tuple[Steps, ...]:
    """Any scheme but one; a single letter is a drive."""
    size, letter, further = len(scheme), Step(LETTERS), Step(_IN_SCHEME)
    shorter = tuple((letter, *(further,) * (each - 1)) for each in range(2, size))
    longer = (letter, *(further,) * (size - 1), Step(_IN_SCHEME, _IN_SCHEME))
    other = tuple(
        (*spelled(scheme[:at]), Step((_IN_SCHEME if at else LETTERS) - {scheme[at]}), *(further,) * (size - at - 1))
        for at in range(size)
    )
    return tuple((*each, Step(frozenset(":"))) for each in (*shorter, longer, *other))


_SHARES: Final = ((Step(frozenset("/")),) * 2, (Step(_STROKE),) * 2)
_FILES: Final = tuple(
    (*spelled("file:"), *(Step(_SLASHES),) * 2, *rest)
    for rest in ((Step(_SLASHES),) * 2, (Step(_HOST), Step(_HOST, _HOST), Step(_SLASHES)))
)
REMOTE: Final = Patterns((*_other_than("file"), *_SHARES, *_FILES))
"""An address on another machine; a file beside the document or on a drive is none."""

_READING: Final = ("includetext", "link", "import", "rd")
_ADDRESSES: Final = tuple(spelled(f"{scheme}:") for scheme in ("http", "https", "ftp", "mhtml", "script", "webdav"))
_SHARE: Final = (Step(_STROKE), Step(_STROKE, _STROKE), Step(_HOST, _HOST), Step(_STROKE))
_BLANK, _REST = Step(QUOTES), Step(_BEHIND, ANY)
_READS: Final = (
    *((*spelled(word), _REST, *address) for word, address in product(_READING, _ADDRESSES)),
    *((*spelled(word), *way, _BLANK, *_SHARE) for word, way in product(_READING, ((), (_REST,)))),
)
READS_ELSEWHERE: Final = Patterns(_READS)
"""A field that takes in a document of another machine."""
FIELD: Final = Patterns((*_DDE, *_READS))
"""Either of them, asked first: most fields are neither."""
