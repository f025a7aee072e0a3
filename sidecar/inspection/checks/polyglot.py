"""Refuses files that are two formats at once."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Final

from sidecar.inspection.check import Check, Findings
from sidecar.inspection.file import File
from sidecar.inspection.finding import Finding, printable
from sidecar.inspection.formats import second_format
from sidecar.inspection.formats.anatomy import Data
from sidecar.inspection.formats.containers.cms import begins_sealed
from sidecar.inspection.formats.containers.zip_directory import BEGINS as ZIP_BEGINS
from sidecar.inspection.formats.second_format import Row
from sidecar.inspection.opening.unopened import unopened
from sidecar.inspection.reason import Reason
from sidecar.inspection.types.claims import claims_of
from sidecar.inspection.types.content import HEAD_SIZE, Content, content_of
from sidecar.inspection.types.kind_table import APPLE_DOUBLE
from sidecar.inspection.types.kinds import UNKNOWN, Kind, Risk, canonical
from sidecar.inspection.whole import Whole
from sidecar.policy.settings.model import Settings
from sidecar.policy.values.strictness import ON

POLYGLOT: Final = Reason(
    "polyglot", "A file is two formats at once", 422, "content type", "a file that only one kind of program can open",
    "Save the file anew in its own format, with nothing before, behind or within it. Operators: checks.polyglot: off.",
    source="CWE-434; CWE-436; OWASP File Upload Cheat Sheet",
)  # fmt: skip
_PDF: Final = "application/pdf"
_PROGRAMS: Final = (b"#!", b"MZ", b"\x7fELF")
_DATA: Final = ("image/", "audio/", "video/", "font/")
_UNTOLD: Final = frozenset({UNKNOWN, APPLE_DOUBLE})
_HOLD_FILES: Final = frozenset({"application/zip", "application/x-tar"})
_FONTS: Final = frozenset({"application/vnd.ms-fontobject"})


class PolyglotSettings(Settings):
    """What is searched."""

    films: Annotated[bool, ON] = True
    """Search films, too. Off where they are larger than `isolation.max_file`: those would not be examined at all."""
    others: Annotated[bool, ON] = True
    """Search databases, disks and whatever else is known for a ZIP at the end. Off where such are larger than that."""


class Polyglot(Check):
    """Searches images, sound, film, fonts, PDF and text for a second format, at its places (formats/second_format.py).

    Whatever else libmagic or a name knows is searched for a ZIP that ends where the file ends; data of which nobody
    says what it is, for archives where one begins within its first 4 KiB. Archives are left to the check that opens
    them, and programs may carry one.
    """

    name = "polyglot"
    reasons: ClassVar = (POLYGLOT,)
    quick = True
    settings_type = PolyglotSettings
    settings: PolyglotSettings

    def look(self, file: File) -> Findings:
        """Judge the head alone; of a film that is not searched this is all."""
        if _is_data(canonical(file.content_type)):
            yield from self._found(file, file.head, second_format.IN_HEAD)

    def wants(self, file: File) -> bool:
        """Whatever there is a table for."""
        if file.content_type.startswith("video/") and not self.settings.films:
            return False
        rows = _rows(file, file.head, file.shown())
        return bool(rows) and (self.settings.others or rows is not second_format.IN_OTHERS)

    def examine(self, file: File, whole: Whole) -> Findings:
        """Search all of it."""
        head = whole.data[:HEAD_SIZE]
        yield from self._found(file, whole.data, _rows(file, head, content_of(file.content_type, head)))

    def _found(self, file: File, data: Data, rows: tuple[Row, ...]) -> Iterator[Finding]:
        """The first that is found."""
        for title, at in second_format.found_in(data, rows):
            actual = f"{printable(file.content_type)} and {title} (byte {at})"
            yield Finding(POLYGLOT, actual)
            return


def _rows(file: File, head: bytes, content: Content) -> tuple[Row, ...]:
    """The table for what a file is, or for what it says it is where nobody knows better."""
    if not head or head.startswith((*_PROGRAMS, *ZIP_BEGINS)):
        return ()
    if _is_data(canonical(file.content_type)):
        return second_format.IN_DATA
    if content.type == _PDF:
        return second_format.IN_PDF
    if content.is_text:
        return second_format.IN_TEXT
    return () if unopened(head) else _rows_of_others(file, head, content)


def _rows_of_others(file: File, head: bytes, content: Content) -> tuple[Row, ...]:
    """Text with binary behind it is still text for libmagic, and for those who read it."""
    if content.type in _UNTOLD:
        return _rows_by_name(file, head, apple_double=content.type == APPLE_DOUBLE)
    if content.kind is not None:
        return _rows_of(content.kind)
    return second_format.IN_TEXT if content.type.startswith("text/") else second_format.IN_OTHERS


def _rows_of(kind: Kind) -> tuple[Row, ...]:
    if kind.wraps or kind.risk is Risk.PROGRAM or not _HOLD_FILES.isdisjoint(kind.types | kind.within):
        return ()
    return second_format.IN_TEXT if kind.text or kind.readable else second_format.IN_OTHERS


def _rows_by_name(file: File, head: bytes, *, apple_double: bool) -> tuple[Row, ...]:
    claims = claims_of(file.part).kinds
    if any(_is_data(claim.type) for claim in claims):
        return second_format.IN_DATA
    if any(claim.text for claim in claims):
        return second_format.IN_TEXT
    if apple_double:
        return second_format.IN_DATA if claims else ()
    if claims:
        return next(filter(None, map(_rows_of, claims)), ())
    # All of such data would be too much: backups and disk images hold archives, and are larger than can be examined.
    return second_format.IN_UNTOLD if not begins_sealed(head) and second_format.shows_archive(head) else ()


def _is_data(content_type: str) -> bool:
    return content_type in _FONTS or (content_type.startswith(_DATA) and not content_type.startswith("image/svg"))
