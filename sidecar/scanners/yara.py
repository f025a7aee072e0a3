"""YARA rules of a directory, run by yara-x in processes that can do nothing else."""

import asyncio
import contextlib
import hashlib
import json
import logging
import math
import socket
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from sidecar.scanners.engine import Identity
from sidecar.scanners.held import Held
from sidecar.scanners.result import Clean, EngineError, NotExamined, Result, Trouble, garbled, named
from sidecar.scanners.yara_rules import Rules
from sidecar.scanners.yara_template import MESSAGE, rule_files

_log: Final = logging.getLogger("sidecar.scanners")
_LOOK_EVERY: Final = 1.0


class Yara:
    """An engine; a set of rules that cannot be compiled leaves the one before in force.

    From the first time that it is asked who it is, it looks for changes every second; scans never wait for that.

    Attributes:
        refused: why the rules that stand in the directory are not those in force; empty where they are.
    """

    wants_files_alone: Final = False
    unpacks: Final = False

    def __init__(self, directory: str, deadline: float) -> None:
        self.refused = ""
        self._directory = directory
        self._cpu = math.ceil(deadline)
        self._rules: Rules | None = None
        self._identity = Identity("yara-x")
        self._seen = ""
        self._looking: asyncio.Task[None] | None = None
        self._watching: asyncio.Task[None] | None = None

    async def identify(self) -> Identity:
        """Take changed rules in; they go on being compiled where the caller does not wait for it."""
        await self._look()
        self._in_force()
        if self._watching is None:
            self._watching = asyncio.create_task(self._watch(), name="watch YARA rules")
        return self._identity

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_EVERY)
            await self._look()

    async def _look(self) -> None:
        if self._looking is not None:
            await asyncio.shield(self._looking)  # what began before may have seen less than is there now
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._take_changes(), name="compile YARA rules")
        await asyncio.shield(self._looking)

    async def _take_changes(self) -> None:
        try:
            await self._compile_changed(*await asyncio.to_thread(_stamp, self._directory))
        except OSError as error:
            self._refuse("", f"{self._directory}: {error.strerror}")
        except Exception as error:  # noqa: BLE001 - a bug here must not end the watch
            why = f"a bug: {type(error).__name__}"
            if why != self.refused:
                _log.exception("YARA rules: a bug")
            self._refuse("", why)

    async def _compile_changed(self, stamp: str, newest: float) -> None:
        usable = self._rules is not None and not self._rules.gone
        if stamp == self._seen and (usable or self.refused):
            return
        rules = Rules(self._directory)
        try:
            files = await rules.compiled()
        except EngineError as error:
            self._refuse("" if error.again else stamp, error.detail)
            await rules.close()
            return
        except BaseException:
            await rules.close()
            raise
        before, self._rules = self._rules, rules
        self._identity = Identity(f"yara-x, files of rules: {files}", stamp, newest)
        self._seen, self.refused = stamp, ""
        if before is not None:
            _log.info("YARA rules changed: %d files", files)
            await before.close()

    def _refuse(self, stamp: str, why: str) -> None:
        if self._rules is not None and why != self.refused:
            _log.error("YARA rules refused, the last good ones stay in force: %s", why)
        self._seen, self.refused = stamp, why

    def _in_force(self) -> Rules:
        if self._rules is None or self._rules.gone:
            raise EngineError(Trouble.DOWN, self.refused or "the process with the rules has ended")
        return self._rules

    async def signatures(self) -> str:
        """Digest of names, sizes and times of the files."""
        return self._identity.signatures

    async def largest(self, most: int) -> int:
        """There is no limit but time."""
        return most

    def scan(self) -> "YaraScan":
        """A new scan, by the rules in force."""
        return YaraScan(self._in_force(), self._cpu)

    def places(self, most: int) -> int:
        """As many as are wanted."""
        return most

    async def close(self) -> None:
        """End the process with the rules."""
        tasks = {task for task in (self._watching, self._looking) if task is not None}
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
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
    """One file in one process, which ends when nobody waits for its answer any more."""

    def __init__(self, rules: Rules, cpu: int) -> None:
        self._rules = rules
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
        """Let go of the answer."""
        self._answer.close()
        self._its.close()

    async def begin(self, held: Held) -> bool:
        """Hand the descriptor over."""
        self._size = held.size
        self._rules.ask(held, self._cpu, self._its.fileno())
        self._its.close()
        return False

    async def feed(self, _chunk: bytes) -> bool:
        """It reads the descriptor."""
        return False

    async def end(self) -> Result:
        """The names of the rules that match."""
        raw = b""
        with contextlib.suppress(ConnectionError):
            while piece := await asyncio.get_running_loop().sock_recv(self._answer, MESSAGE):
                raw += piece
        if raw:
            return _read(raw, self._size)
        if self._rules.gone:
            raise EngineError(Trouble.DOWN, "the process with the rules has ended")
        return NotExamined(Trouble.INCOMPLETE, "the rules could not be run to their end")


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
