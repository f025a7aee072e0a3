"""What an office document can do besides being read, and what was found of it in one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum

from sidecar.inspection.formats.bounds import Budget, TooMuchError
from sidecar.inspection.formats.office.package import Package, Part, PartError
from sidecar.inspection.formats.office.xml import DoctypeError, XmlError, elements


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
    imported: list[Part] = field(default_factory=list)
    """Those that a document takes in as a part of its text, whatever they are called."""
    named: dict[str, bool] = field(default_factory=dict)
    """Where relationships say that a file within is; whether it is one that is taken in."""
    connected: str = ""
    """The first data connection of a workbook that may lead to another machine."""
    refreshed: bool = False
    """Whether a connection is refreshed without a click."""

    def add(self, feature: Feature, where: str) -> None:
        """Something was found."""
        self.found.setdefault(feature, where)

    def missed(self, why: str, where: str) -> None:
        """Something could not be read."""
        self.unread.setdefault(why, where)

    @contextmanager
    def reading(self, where: str) -> Iterator[None]:
        """What ends the reading of a part early is told, not raised."""
        try:
            yield
        except (PartError, XmlError) as error:
            self.missed(str(error), where)
        except DoctypeError:
            self.add(Feature.DOCTYPE, where)
        except TooMuchError as error:
            self.missed(f"too many {error}", where)


Look = Callable[[Package, Part, Survey, Budget], None]
"""Looks at one part; the budget is of the elements in all of them."""


def survey_parts(package: Package, look: Look) -> Survey:
    """Look at every part, as long as they have no more elements than any honest document."""
    seen, budget = Survey(), elements(package.size)
    for part in package.parts:
        if part.path.endswith("/") and not part.entry.packed:
            continue
        with seen.reading(part.path):
            look(package, part, seen, budget)
        if budget.is_spent:
            break
    return seen
