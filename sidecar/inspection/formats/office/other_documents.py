"""Documents that are ZIPs of no office program (EPUB, KMZ, iWork): whether a program is among their parts."""

from contextlib import suppress
from typing import Final

from sidecar.inspection.formats.bounds import Budget
from sidecar.inspection.formats.office.features import Feature, Survey, survey_parts
from sidecar.inspection.formats.office.package import Package, Part, PartError

_PROGRAMS: Final = (b"MZ", b"\x7fELF")


def survey(package: Package) -> Survey:
    """Look at the beginning of every part; what cannot be read is told by who unpacks them all."""
    return survey_parts(package, _part)


def _part(package: Package, part: Part, seen: Survey, _budget: Budget) -> None:
    with suppress(PartError):
        head = package.head(part)
        if head.startswith(_PROGRAMS) and b"\0" in head:  # texts begin with two letters, too
            seen.add(Feature.PROGRAM, part.path)
