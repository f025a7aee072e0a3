"""The instruction by which XML names a style sheet (Associating Style Sheets with XML documents 1.0)."""

import re
from typing import Final, NamedTuple

from sidecar.inspection.formats.markup.addresses import compact

_TARGET: Final = re.compile(rb"xml-stylesheet(?=\s)")
_PSEUDO: Final = re.compile(rb"\s(type|href)\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)')")


class NamedSheet(NamedTuple):
    """What it says."""

    is_css: bool
    address: bytes
    """Compact."""


def named_sheet(instruction: bytes) -> NamedSheet | None:
    """Read one instruction; None where it is about something else."""
    if not _TARGET.match(instruction):
        return None
    said = [(name, first or second) for name, first, second in _PSEUDO.findall(instruction)]
    types = [value.strip().lower() for name, value in said if name == b"type"]
    href = b"".join(value for name, value in said if name == b"href")
    return NamedSheet(types == [b"text/css"], compact(href, {}))
