"""What came of reading the configuration again."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from sidecar.policy.loading.problem import Problem
from sidecar.policy.settings.model import Config

Result = Literal["unchanged", "reloaded", "refused"]


@dataclass(frozen=True, slots=True)
class Reload:
    """One reading."""

    result: Result
    changed: tuple[str, ...] = ()
    """Each change as `path: before -> after`."""
    needs_restart: tuple[str, ...] = ()
    """Settings that differ in the file, and are in force only after a restart."""
    problems: tuple[Problem, ...] = ()
    """Everything that is wrong with a refused file; of one that is not, what the next start would fail of."""


UNCHANGED: Final = Reload("unchanged")
Build = Callable[[bytes], Config]


def own_fault(error: Exception) -> Problem:
    """What is told where a file was refused by an error that nobody foresaw."""
    return Problem("", None, f"cannot be taken: {type(error).__name__}, which is a bug; the log has more")
