"""What a scan can end in: clean, bad with a name, or not examined with a reason."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sidecar.inspection.finding import printable


class Trouble(StrEnum):
    """Why a file was not examined."""

    TOO_LARGE = "too_large"
    """Larger than the engine takes; it was not sent."""
    INCOMPLETE = "incomplete"
    """The engine says that it did not look into all of it: nested too deep, encrypted, its own limits."""
    DOWN = "down"
    """The engine cannot be reached, resets the connection, or does not tell the EICAR file from a clean one."""
    LATE = "late"
    """No result before the deadline."""
    BUSY = "busy"
    """Too many scans wait already, or the deadline came before a place was free."""
    GARBLED = "garbled"
    """The engine's answer makes no sense."""

    @property
    def of_the_engine(self) -> bool:
        """Whether the engine is to blame, and not the file."""
        return self not in {Trouble.TOO_LARGE, Trouble.INCOMPLETE}


@dataclass(frozen=True, slots=True)
class Clean:
    """The engine has seen all of it and found nothing."""


@dataclass(frozen=True, slots=True)
class Bad:
    """The engine has found something."""

    name: str
    """What it calls it, printable."""


@dataclass(frozen=True, slots=True)
class NotExamined:
    """Nobody can say."""

    trouble: Trouble
    detail: str = ""
    """For operators, printable."""


Result = Clean | Bad | NotExamined


class EngineError(Exception):
    """An engine failed; foreign exceptions become this one where they arise.

    Attributes:
        trouble: what kind of failure.
        detail: for operators, printable.
        again: the same scan may succeed at once, on another connection.
    """

    def __init__(self, trouble: Trouble, detail: str) -> None:
        super().__init__(f"{trouble}: {detail}")
        self.trouble = trouble
        self.detail = detail
        self.again = False


_NOT_ALL_SEEN: Final = ("Heuristics.Limits.Exceeded", "Heuristics.Encrypted")
"""clamd's AlertExceedsMax and AlertEncrypted do not say that a file is bad, but that nobody could look into it."""


def named(name: str | bytes) -> Bad | NotExamined:
    """A finding under the name that the engine gave it, which is input like any other."""
    shown = printable(name, 100) or "unnamed"
    return NotExamined(Trouble.INCOMPLETE, shown) if shown.startswith(_NOT_ALL_SEEN) else Bad(shown)


def garbled(answer: str | bytes) -> EngineError:
    """An answer that makes no sense."""
    return EngineError(Trouble.GARBLED, f"unexpected answer {printable(answer, 60)}")


def result_label(result: Result) -> str:
    """A result as metrics call it."""
    match result:
        case Clean():
            return "clean"
        case Bad():
            return "bad"
    return result.trouble.value


RESULTS: Final = ("clean", "bad", *(trouble.value for trouble in Trouble))
"""Every label that there is."""
