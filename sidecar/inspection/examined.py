"""What the examination of a whole file gave: the findings, and a tree of what was found and examined."""

from dataclasses import dataclass, field

from sidecar.inspection.finding import Finding
from sidecar.inspection.rewrite import Rewrite


@dataclass(slots=True)
class Node:
    """One file that was examined, and the files found within it. All texts are safe to print."""

    name: str
    """Its path within the file that holds it."""
    content_type: str = ""
    size: int = 0
    sha256: str = ""
    checks: list[tuple[str, float]] = field(default_factory=list)
    """Checks that examined it whole, and the seconds that each took, those for files within included."""
    findings: list[str] = field(default_factory=list)
    """Codes of what was found in this very file."""
    inside: list["Node"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Examined:
    """The result for one uploaded file."""

    findings: tuple[Finding, ...] = ()
    failures: tuple[str, ...] = ()
    """What checks raised, for the log; safe to print."""
    tree: Node | None = None
    rewrite: Rewrite | None = None
    """What is left of it where its metadata were to be removed."""
