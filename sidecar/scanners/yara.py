"""YARA rules of a directory, run by yara-x in processes that can do nothing else."""

import asyncio
import hashlib
import json
import logging
import math
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import sidecar
from sidecar.inspection.finding import printable
from sidecar.scanners.engine import Identity
from sidecar.scanners.held import Held
from sidecar.scanners.result import Clean, EngineError, NotExamined, Result, Trouble, garbled, named
from sidecar.scanners.yara_template import MESSAGE, rule_files

_log: Final = logging.getLogger("sidecar.scanners")
_PROGRAM: Final = "import sys; sys.path[:] = sys.argv[3:]; from sidecar.scanners.yara_template import main; main()"
_LOOK_EVERY: Final = 1.0
_GRACE: Final = 2.0


class Rules:
    """One set of rules, compiled in a process of its own."""

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

    async def compiled(self) -> int:
        """How many files they stand in.

        Raises:
            EngineError: they are broken.
        """
        said = await self._hear()
        if "files" not in said:
            raise EngineError(Trouble.DOWN, printable(said.get("broken", "the process ended"), 300))
        return int(said["files"])

    async def _hear(self) -> dict[str, Any]:
        raw = await asyncio.get_running_loop().sock_recv(self._control, MESSAGE)
        said: dict[str, Any] = json.loads(raw) if raw else {}
        return said

    def ask(self, held: Held, cpu: int, answer: int) -> None:
        """Have a file scanned; the answer goes to a descriptor, and its end means that the process has ended."""
        message = json.dumps({"size": held.size, "cpu": cpu}).encode("ascii")
        try:
            socket.send_fds(self._control, [message], [held.descriptor, answer])
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


class Yara:
    """An engine; a set of rules that cannot be compiled leaves the one before in force."""

    unpacks: Final = False

    def __init__(self, directory: str, deadline: float) -> None:
        self._directory = directory
        self._cpu = math.ceil(deadline)
        self._rules: Rules | None = None
        self._identity = Identity("yara-x")
        self._seen = ""
        self._looked_at = -math.inf
        self._changing = asyncio.Lock()

    async def identify(self) -> Identity:
        """Take changed rules in."""
        async with self._changing:
            await self._take_changes()
        if self._rules is None:
            raise EngineError(Trouble.DOWN, "there are no rules that can be used; the log tells why")
        return self._identity

    async def _take_changes(self) -> None:
        self._looked_at = time.monotonic()
        try:
            stamp, newest = await asyncio.to_thread(_stamp, self._directory)
        except OSError as error:
            if self._rules is None:
                raise EngineError(Trouble.DOWN, f"{self._directory}: {error.strerror}") from error
            return
        if stamp == self._seen and self._rules is not None:
            return
        told, self._seen = stamp == self._seen, stamp
        rules = Rules(self._directory)
        try:
            files = await rules.compiled()
        except BaseException as error:
            await rules.close()
            if not isinstance(error, EngineError) or self._rules is None:
                raise
            if not told:
                _log.error("YARA rules refused, the last good ones stay in force: %s", error.detail)
            return
        before, self._rules = self._rules, rules
        self._identity = Identity(f"yara-x, {files} files of rules", stamp, newest)
        if before is not None:
            await before.close()

    async def rules(self) -> Rules:
        """Those in force."""
        if time.monotonic() - self._looked_at > _LOOK_EVERY:
            await self.identify()
        if self._rules is None:
            raise EngineError(Trouble.DOWN, "there are no rules")
        return self._rules

    async def signatures(self) -> str:
        """Digest of names, sizes and times of the files."""
        await self.rules()
        return self._identity.signatures

    async def largest(self, most: int) -> int:
        """There is no limit but time."""
        return most

    def scan(self) -> "YaraScan":
        """A new scan."""
        return YaraScan(self, self._cpu)

    def places(self, most: int) -> int:
        """As many as are wanted."""
        return most

    async def close(self) -> None:
        """End the process with the rules."""
        rules, self._rules = self._rules, None
        if rules is not None:
            await rules.close()


def _stamp(directory: str) -> tuple[str, float]:
    """What changes when any file does, and the time of the newest."""
    stats = [(path.name, path.stat()) for path in rule_files(Path(directory))]
    text = "\n".join(f"{name} {each.st_ino} {each.st_size} {each.st_mtime_ns}" for name, each in stats)
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest(), max(
        (each.st_mtime for _, each in stats), default=0.0
    )


class YaraScan:
    """One file in one process."""

    def __init__(self, engine: Yara, cpu: int) -> None:
        self._engine = engine
        self._cpu = cpu
        self._size = 0
        self._answer, self._its = socket.socketpair()
        self._answer.settimeout(0)

    async def __aenter__(self) -> Self:
        """Nothing has begun yet."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """A process that still works ends when its time of computing is up."""
        self._answer.close()
        self._its.close()

    async def begin(self, held: Held) -> bool:
        """Hand the descriptor over."""
        self._size = held.size
        (await self._engine.rules()).ask(held, self._cpu, self._its.fileno())
        self._its.close()
        return False

    async def feed(self, _chunk: bytes) -> bool:
        """It reads the descriptor."""
        return False

    async def end(self) -> Result:
        """The names of the rules that match."""
        raw = b""
        while piece := await asyncio.get_running_loop().sock_recv(self._answer, MESSAGE):
            raw += piece
        if not raw:
            return NotExamined(Trouble.INCOMPLETE, "the rules could not be run to their end")
        return _read(raw, self._size)


def _read(raw: bytes, size: int) -> Result:
    """The answer of a process that a file may have taken over, so read as input."""
    try:
        said = json.loads(raw)
        seen, rules = said["size"], [str(rule) for rule in said["rules"]]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise garbled(raw) from error
    if rules:
        return named(", ".join(rules))
    return Clean() if seen == size else NotExamined(Trouble.INCOMPLETE, "the rules have not seen all of it")
