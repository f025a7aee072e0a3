"""Which kind of file a type or a suffix names, and what is a kind of what."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Final

from sidecar.inspection.formats.playlists import playlist_at
from sidecar.inspection.types.kind_table import ROWS, Row
from sidecar.inspection.types.sound_frames import has_aac_frames, has_mpeg_frames

UNKNOWN: Final = "application/octet-stream"
"""What libmagic says of content that it does not know."""
TEXT: Final = "text/plain"
EMPTY: Final = "inode/x-empty"
"""What libmagic says of a file of no bytes."""

_NOT_TOLD: Final = frozenset({
    "", UNKNOWN, "binary/octet-stream", "application/binary", "application/x-binary", "application/unknown",
    "application/x-unknown", "unknown/unknown", "application/download", "application/x-download",
    "application/force-download", "application/x-force-download", "application/x-www-form-urlencoded",
})  # fmt: skip
"""Declared types that say nothing of what is inside."""


class Risk(Enum):
    """What becomes of content under a name that does not show what it is."""

    PASSIVE = "passive"
    ACTIVE = "active"
    """A browser or a server runs it."""
    PROGRAM = "program"
    """A machine runs it."""


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """One kind of file; each is itself alone."""

    title: str
    type: str
    """Its best-known type."""
    types: frozenset[str]
    """All its types, under their registered names."""
    suffixes: frozenset[str]
    within: frozenset[str]
    """What it also is: a DOCX is a ZIP."""
    looser: frozenset[str]
    """What libmagic may rightly call it besides: what it also is, and what honest programs write under its name."""
    risk: Risk
    text: bool
    """It is made of lines of text."""
    verbatim: bool
    """Text that is shown as it is, so that markup inside it is text as well."""
    readable: bool
    """Not text by nature, yet it can consist of printable bytes alone."""
    begins: re.Pattern[bytes] | None
    """What it begins with where libmagic does not know all its forms."""
    wraps: bool
    """It compresses one file; a declared type then often speaks of that file."""


_REGISTERED: Final = {
    name: names[0] for row in ROWS for group in row.types.split("|") for names in [group.split()] for name in names
}


@lru_cache(maxsize=128)
def bare(content_type: str) -> str:
    """A content type in lower case and without parameters."""
    return content_type.partition(";")[0].strip().lower()


@lru_cache(maxsize=128)
def canonical(content_type: str) -> str:
    """The registered name of a type that goes by several, bare."""
    return _REGISTERED.get(bare(content_type), bare(content_type))


def _types(words: str) -> frozenset[str]:
    return frozenset(map(canonical, words.replace("|", "").split()))


def _kind(row: Row) -> Kind:
    flags = set(row.flags.split())
    return Kind(
        row.title, canonical(row.types.split()[0]), _types(row.types), frozenset(row.suffixes.split()),
        _types(row.within), _types(row.within) | _types(row.holds),
        next((risk for risk in Risk if risk.value in flags), Risk.PASSIVE),
        text="text" in flags, verbatim="verbatim" in flags, readable="readable" in flags, wraps="wraps" in flags,
        begins=re.compile(row.begins, re.DOTALL) if row.begins else None,
    )  # fmt: skip


KINDS: Final = tuple(_kind(row) for row in ROWS)
_CUT: Final = {"audio/mpeg": has_mpeg_frames, "audio/aac": has_aac_frames}
_BEGINNING: Final = tuple((kind, kind.begins, _CUT.get(kind.type)) for kind in KINDS if kind.begins is not None)
_BY_TYPE: Final = {name: kind for kind in KINDS for name in kind.types}
_BY_SUFFIX: Final = {suffix: kind for kind in KINDS for suffix in kind.suffixes}


def kind_of_type(content_type: str) -> Kind | None:
    """The kind that a content type names, None where the table has none."""
    return _BY_TYPE.get(canonical(content_type))


def kind_of_suffix(suffix: str) -> Kind | None:
    """The kind that a suffix names, in any case and without its dot; None where the table has none."""
    return _BY_SUFFIX.get(suffix.lower())


def kinds_that_begin(head: bytes) -> tuple[Kind, ...]:
    """The kinds that content unknown to libmagic can be, by its first bytes: none where converters read a playlist."""
    if playlist_at(head) >= 0:
        return ()
    return tuple(kind for kind, begins, goes_on in _BEGINNING if begins.match(head) or (goes_on and goes_on(head)))


def last_known(suffixes: Sequence[str]) -> Kind | None:
    """What the last suffix names that the table has."""
    return next((kind for suffix in reversed(suffixes) if (kind := kind_of_suffix(suffix)) is not None), None)


def says_nothing(declared: str) -> bool:
    """Whether a declared type leaves open what is inside."""
    return "*" in declared or bare(declared) in _NOT_TOLD
