"""What is asked of every archive, whatever its format: paths, counts, how much comes out of how little."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from sidecar.inspection.finding import Finding, printable
from sidecar.inspection.formats.anatomy import DamagedError
from sidecar.inspection.limits import INSIDE_TOO_LARGE, INSIDE_TOO_MANY, in_words
from sidecar.inspection.opening.reasons import (
    ARCHIVE_AMBIGUOUS,
    ARCHIVE_BOMB,
    ARCHIVE_DAMAGED,
    ARCHIVE_DUPLICATE,
    ARCHIVE_PATH,
)
from sidecar.inspection.types.kinds import Kind, kind_of_suffix
from sidecar.inspection.whole import Whole
from sidecar.policy.settings.uploads import Inside

RATIO_FROM: Final = 16 * 1024 * 1024
"""Bytes below which no ratio is a bomb: empty pages and logs pack a thousand to one."""
_CLIMBS: Final = re.compile(rb"(?:^|[/\\])\.\.(?:[/\\]|$)|^[/\\]|^[A-Za-z]:|\0")
"""Also `C:a.txt`, which Windows takes for a path on that drive, whatever folder it is joined to."""
_NAMES_MOST: Final = 4
"""Names of one entry: as many as an honest tar can have, in its own header, with a prefix, in pax and as sparse."""
_ENDS_ALL: Final = frozenset({ARCHIVE_BOMB.code, INSIDE_TOO_LARGE.code, INSIDE_TOO_MANY.code})


@dataclass(frozen=True, slots=True)
class Rules:
    """What the policy says of archives."""

    inside: Inside
    max_ratio: int
    links: bool
    """Links are let in."""
    called: Kind | None
    """The kind of document that its name says it is, which is a ZIP whose entries are parts; None for an archive."""


class Archive:
    """One archive that is being opened.

    Attributes:
        whole: its bytes.
        rules: what holds.
        judged: the files within are judged as if they had been uploaded; parts of a document are only searched.
        over: something was found that ends the opening.
    """

    def __init__(self, whole: Whole, rules: Rules) -> None:
        self.whole = whole
        self.rules = rules
        self.judged = True
        self.over = False
        self._entries = self._out = 0
        self._paths: set[bytes] = set()

    def enter(self, *paths: bytes) -> Iterator[Finding]:
        """Judge the paths of one entry: the first is its own, the others are what else it could be taken for."""
        self._entries += 1
        most = self.rules.inside.max_files
        if self._entries > most:
            self.over = True
            yield Finding(INSIDE_TOO_MANY, f"more than {most}", f"at most {most}")
            return
        for path in paths:
            if _CLIMBS.search(path):
                yield Finding(ARCHIVE_PATH, printable(path))
        plain = b"/".join(step for step in paths[0].replace(b"\\", b"/").split(b"/") if step not in {b"", b"."})
        if plain in self._paths and plain:
            yield Finding(ARCHIVE_DUPLICATE, printable(paths[0]))
        self._paths.add(plain)

    def file(self, path: bytes, pieces: Iterable[bytes], packed: int, *also: bytes) -> Iterator[Finding]:
        """Unpack a file into nothing, and judge what comes out.

        Args:
            path: where it stands.
            pieces: its bytes; a DamagedError is told of.
            packed: bytes that they come from.
            also: other paths that some reader could take for its own; judged as names.
        """
        path, *others = (each.rstrip(b"/\\") for each in (path, *also))
        if len(others) >= _NAMES_MOST or len(set(map(kind_of_path, (path, *others)))) > 1:
            told = ", ".join(map(printable, (path, *others[: _NAMES_MOST - 1])))
            yield Finding(ARCHIVE_AMBIGUOUS, f"one entry with the names {told}")
        trouble: list[Finding] = []
        counted = self._counted(path, pieces, packed, trouble)
        if self.judged:
            for finding in self.whole.inside(path, counted, *others[: _NAMES_MOST - 1]):
                self.over = self.over or finding.reason.code in _ENDS_ALL
                yield finding
        else:
            yield from self.whole.part(path, counted)
        yield from trouble

    def _counted(self, path: bytes, pieces: Iterable[bytes], packed: int, trouble: list[Finding]) -> Iterator[bytes]:
        """The pieces, as long as there are not too many; what is wrong with them goes to `trouble`."""
        out, most = 0, max(RATIO_FROM, packed * self.rules.max_ratio)
        inside, name = self.rules.inside, printable(path)
        try:
            for piece in pieces:
                out += len(piece)
                self._out += len(piece)
                if out > most:
                    self.over = True
                    trouble.append(Finding(ARCHIVE_BOMB, f"{name}: {packed} bytes unpack to more than {out}"))
                    return
                if not self.judged and (out > inside.max_file or self._out > inside.max_bytes):
                    self.over = True
                    trouble.append(Finding(INSIDE_TOO_LARGE, f"{name}: more than {in_words(out)}", within=True))
                    return
                yield piece
        except DamagedError as error:
            trouble.append(Finding(ARCHIVE_DAMAGED, f"{name}: {error}"))


def kind_of_path(path: bytes) -> Kind | None:
    """What its suffix says."""
    base = re.split(rb"[/\\]", path.rstrip(b"/\\. "))[-1]
    return kind_of_suffix(base.partition(b".")[2].rpartition(b".")[2].decode("latin-1"))
