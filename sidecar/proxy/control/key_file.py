"""A secret that is kept in a file, read again when the file changes."""

import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from sidecar.policy.loading.problem import ConfigError, Problem

_log: Final = logging.getLogger("sidecar.key")
_SHORTEST: Final = 16
_LONGEST: Final = 4096
_LOOK_SECONDS: Final = 1.0


class KeyFile:
    """Gives the key; where a changed file cannot be read, the last good key stays in use.

    The content tells of a change, not the time: a Secret is mounted through a symbolic link that is swapped.
    """

    def __init__(
        self, path: str, clock: Callable[[], float] = time.monotonic, setting: str = "receipt.key_file"
    ) -> None:
        """Read it the first time; an empty path means no key.

        Args:
            path: the file.
            clock: seconds.
            setting: which setting names the file.

        Raises:
            ConfigError: the file cannot be read, or has no key in it.
        """
        self._path = path
        self._setting = setting
        self._clock = clock
        self._looked = clock()
        self._last_error = ""
        try:
            self._key = _read(path) if path else b""
        except (OSError, ValueError) as error:
            raise ConfigError((_problem(setting, path, error),)) from error

    def key(self) -> bytes:
        """The key in use, empty where there is none; looks at the file at most once in a second."""
        if self._path and self._clock() - self._looked >= _LOOK_SECONDS:
            self._looked = self._clock()
            self._look()
        return self._key

    def _look(self) -> None:
        try:
            key = _read(self._path)
        except (OSError, ValueError) as error:
            if str(error) != self._last_error:
                self._last_error = str(error)
                _log.error("%s: %s; the last good key stays in use", self._setting, error)
            return
        self._last_error = ""
        if key != self._key:
            self._key = key
            _log.info("%s changed and is in use", self._setting)


def _read(path: str) -> bytes:
    """The key without the line end that editors put behind it."""
    with Path(path).open("rb") as file:
        key = file.read(_LONGEST + 2).removesuffix(b"\n").removesuffix(b"\r")
    if not _SHORTEST <= len(key) <= _LONGEST:
        raise ValueError(f"a key of {len(key)} bytes")
    return key


def _problem(setting: str, path: str, error: Exception) -> Problem:
    why = getattr(error, "strerror", None) or str(error)
    expected = f"a file with {_SHORTEST} to {_LONGEST} bytes that this user can read"
    return Problem(setting, None, f"no key can be had: {why}", expected, path, file=path)
