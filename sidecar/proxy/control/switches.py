"""The switches beside the configuration: a small file, and a word on loopback."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sidecar.policy.routing.ladder import Rung
from sidecar.policy.settings.base import Mode
from sidecar.proxy.control.mode_file import ModeFile

CONTROL: Final = "control"
LONGEST_WORD: Final = 366 * 86400.0
"""Seconds for which a word may hold: the end of a longer one may be no date, and is a matter for the configuration."""
_WHERE: Final = "POST /-/mode"


@dataclass(frozen=True, slots=True)
class _Said:
    """What somebody said by POST, and until when it holds."""

    mode: Mode
    until: float | None


class Switches:
    """Holds what the switches say; `clock` gives Unix time.

    Attributes:
        handed: what a supervisor says, for a worker; it alone looks at the file then.
    """

    def __init__(self, clock: Callable[[], float], *, handed: Mode | None = None) -> None:
        self.handed = handed
        self._clock = clock
        self._file: ModeFile | None = None
        self._said: _Said | None = None

    @property
    def follower(self) -> bool:
        """Whether a supervisor decides, and tells of it for all of its workers."""
        return self.handed is not None

    @property
    def has_file(self) -> bool:
        """Whether there is a file to look at."""
        return self._file is not None

    @property
    def problem(self) -> str:
        """What is wrong with the file, empty if nothing is."""
        return "" if self._file is None else self._file.problem

    def follow(self, path: str, key: str) -> None:
        """Look at this file from now on; at none where the path is empty."""
        if self.follower or not path:
            self._file = None
        elif self._file is None or (self._file.path, self._file.key) != (path, key):
            self._file = ModeFile(path, key)

    def say(self, mode: Mode | None, seconds: float | None = None) -> None:
        """Take a word; None takes the last one back. It holds until then, or for so long, LONGEST_WORD at most."""
        until = None if seconds is None else self._clock() + min(seconds, LONGEST_WORD)
        self._said = None if mode is None else _Said(mode, until)

    def look(self) -> bool:
        """Look at the file and the clock; whether anything is different."""
        expired = self._said is not None and self._said.until is not None and self._clock() >= self._said.until
        if expired:
            self._said = None
        return (self._file is not None and self._file.look()) or expired

    def rungs(self) -> tuple[Rung, ...]:
        """All switches, those that say nothing too."""
        if self.handed is not None:
            return (Rung(CONTROL, "the supervisor", self.handed),)
        control = Rung(CONTROL, _WHERE, None if self._said is None else self._said.mode, self._holds())
        return (control,) if self._file is None else (self._file.rung, control)

    def _holds(self) -> str:
        if self._said is None:
            return ""
        if self._said.until is None:
            return "until cleared or restarted"
        return f"until {datetime.fromtimestamp(self._said.until, UTC):%Y-%m-%d %H:%M:%S} UTC"
