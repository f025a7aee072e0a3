"""What an office document can do besides being read, and what was found of it in one."""

from dataclasses import dataclass, field
from enum import Enum

from sidecar.inspection.formats.office_package import Part


class Feature(Enum):
    """One thing that it does; the value says it in words."""

    MACROS = "macros"
    ACTIVEX = "ActiveX"
    DDE = "DDE"
    REMOTE = "remote"
    DOCTYPE = "a document type"
    PROGRAM = "a program"


@dataclass(slots=True)
class Survey:
    """What was found in one document; grows while it is read."""

    found: dict[Feature, str] = field(default_factory=dict)
    """Each feature with where it was first seen, as bytes of the input have it."""
    unread: dict[str, str] = field(default_factory=dict)
    """Why something could not be read, and the first place where."""
    embedded: list[Part] = field(default_factory=list)
    """The files within that are files of their own."""

    def add(self, feature: Feature, where: str) -> None:
        """Something was found."""
        self.found.setdefault(feature, where)

    def missed(self, why: str, where: str) -> None:
        """Something could not be read."""
        self.unread.setdefault(why, where)
