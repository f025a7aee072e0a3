"""What `scan` reads: a file, or standard input as far as it can matter."""

import os
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from sidecar.inspection.finding import printable
from sidecar.policy.values.units import size_text

_CHUNK: Final = 1024 * 1024
_TOLD_EVERY: Final = 64 * _CHUNK
_STANDARD_INPUT: Final = "-"
_LONGEST_NAME: Final = 200


@dataclass(frozen=True, slots=True)
class Source:
    """One file to judge, by the path that was given, and the largest that the policy lets in."""

    path: str
    max_file: int

    @property
    def name(self) -> str:
        """The path, safe to print."""
        return printable(self.path, _LONGEST_NAME)

    @property
    def own_name(self) -> str:
        """The name that a client would send."""
        return "stdin" if self.path == _STANDARD_INPUT else Path(self.path).name

    def open(self) -> BinaryIO:
        """The file.

        Raises:
            OSError: it cannot be read.
        """
        if self.path == _STANDARD_INPUT:
            return os.fdopen(os.dup(sys.stdin.fileno()), "rb")
        return Path(self.path).open("rb")

    def chunks(self, file: BinaryIO) -> Iterator[bytes]:
        """Its bytes, and a word on a terminal while there are many; of what may have no end only what can matter."""
        endless = not stat.S_ISREG(os.fstat(file.fileno()).st_mode)
        done = 0
        told = False
        while chunk := file.read(_CHUNK):
            yield chunk
            done += len(chunk)
            if done % _TOLD_EVERY < len(chunk) and sys.stderr.isatty():
                sys.stderr.write(f"\r{self.name}: {done // _CHUNK} MiB read")
                told = True
            if endless and done > self.max_file:
                sys.stderr.write(f"{self.name}: not read beyond max_file ({size_text(self.max_file)}) and 1 MiB more\n")
                break
        if told:
            sys.stderr.write("\n")
