"""Tells how far something is that takes long, in a line of the terminal that is written over."""

import sys
from types import TracebackType
from typing import Final, Self

_WIDTH: Final = 24


class Terminal:
    """Tells on standard error how far something is, from `with` to its end."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._live = sys.stderr.isatty()

    def __enter__(self) -> Self:
        if not self._live:
            sys.stderr.write(f"{self._what}\n")
        return self

    def __call__(self, done: float, word: str) -> None:
        """So much is done."""
        if self._live:
            filled = round(_WIDTH * min(1.0, max(0.0, done)))
            sys.stderr.write(f"\r{self._what} [{'#' * filled}{'.' * (_WIDTH - filled)}] {word}\x1b[K")
            sys.stderr.flush()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._live:
            sys.stderr.write("\n")
