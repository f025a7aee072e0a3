"""One set of YARA rules, compiled in a process of its own, which forks one more for every file."""

import asyncio
import json
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import sidecar
from sidecar.inspection.finding import printable
from sidecar.scanners.held import Held
from sidecar.scanners.result import EngineError, Trouble
from sidecar.scanners.yara_template import MESSAGE

_PROGRAM: Final = "import sys; sys.path[:] = sys.argv[3:]; from sidecar.scanners.yara_template import main; main()"
_GRACE: Final = 2.0
_COMPILED_WITHIN: Final = 120.0
"""Seconds; ten thousand rules take a few."""


class Rules:
    """Those that stood in a directory when this was made."""

    def __init__(self, directory: str) -> None:
        self._control, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.settimeout(0)
        root = str(Path(sidecar.__file__).resolve().parents[1])
        command = [sys.executable, "-I", "-X", "utf8", "-c", _PROGRAM, str(its.fileno()), directory]
        with its:
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                [*command, root, *(path for path in sys.path if path)], pass_fds=(its.fileno(),), env={}, cwd="/",
                start_new_session=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip

    @property
    def gone(self) -> bool:
        """Whether the process has ended, though nobody wanted it to."""
        return self._process.poll() is not None

    async def compiled(self) -> int:
        """How many files they stand in.

        Raises:
            EngineError: they are broken; or, where it says `again`, something else kept them from being compiled.
        """
        try:
            async with asyncio.timeout(_COMPILED_WITHIN):
                raw = await asyncio.get_running_loop().sock_recv(self._control, MESSAGE)
        except TimeoutError:
            raise _another_time(f"not compiled within {_COMPILED_WITHIN:g} s") from None
        except OSError as error:
            raise _another_time(error.strerror or type(error).__name__) from error
        if not raw:
            raise _another_time("the process ended while it compiled them")
        said: dict[str, Any] = json.loads(raw)
        if "broken" in said:
            raise EngineError(Trouble.DOWN, printable(said["broken"], 300))
        return int(said["files"])

    def ask(self, held: Held, cpu: int, answer: int) -> None:
        """Have a file scanned; the answer goes to a descriptor, and its end means that the process has ended."""
        message = json.dumps({"start": held.range.start, "size": held.size, "cpu": cpu}).encode("ascii")
        try:
            socket.send_fds(self._control, [message], [held.range.descriptor, answer])
        except OSError as error:
            raise EngineError(Trouble.DOWN, f"the process with the rules: {error.strerror}") from error

    async def close(self) -> None:
        """End it once the scans that it was asked for have begun."""
        self._control.close()
        try:
            await asyncio.to_thread(self._process.wait, _GRACE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            await asyncio.to_thread(self._process.wait)


def _another_time(why: str) -> EngineError:
    error = EngineError(Trouble.DOWN, why)
    error.again = True
    return error
