"""A small file that says a mode, looked at several times a second."""

import os
import stat
from typing import Final

from sidecar.policy.loading.mode_text import MAX_SIZE, mode_in
from sidecar.policy.routing.ladder import Rung
from sidecar.policy.settings.base import Mode

SOURCE: Final = "mode_file"
_MISSING: Final = "is missing; expected a file with off, monitor or enforce in it"


class ModeFile:
    """What the file says now.

    A file that is missing, empty or without the annotation says nothing. One that cannot be read or understood leaves
    what it said last, and `problem` tells. Changes are taken once two looks agree: half a word could be another.

    Attributes:
        path: of the file.
        key: of the annotation in it.
        mode: what it says; None: nothing.
        problem: what is wrong with it, empty if nothing is.
    """

    def __init__(self, path: str, key: str) -> None:
        self.path = path
        self.key = key
        self.mode: Mode | None = None
        self.problem = ""
        self._taken = self._seen = _read(path)
        self._take()

    @property
    def rung(self) -> Rung:
        """What it says, for the decision."""
        return Rung(SOURCE, f"the mode file {self.path}", self.mode, self.problem)

    def look(self) -> bool:
        """Look again; whether anything is different from before. Some 20 microseconds."""
        found = _read(self.path)
        agreed, self._seen = found == self._seen, found
        if not agreed or found == self._taken:
            return False
        self._taken = found
        before = (self.mode, self.problem)
        self._take()
        return before != (self.mode, self.problem)

    def _take(self) -> None:
        self.problem = ""
        if isinstance(self._taken, str):
            self.problem = self._taken
            self.mode = None if self._taken == _MISSING else self.mode
            return
        try:
            self.mode = mode_in(self._taken, self.key)
        except ValueError as error:
            self.problem = str(error)


def _read(path: str) -> bytes | str:
    """The content, or why there is none; never waits, whatever the path leads to."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return _MISSING
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return "is not a regular file"
        return os.read(descriptor, MAX_SIZE + 1)
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    finally:
        os.close(descriptor)
