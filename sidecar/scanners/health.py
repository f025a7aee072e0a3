"""Whether one engine works: proven at the start, every few minutes, and after every failure that opens its breaker."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from sidecar.policy.settings.scanners import Scanner as ScannerSettings
from sidecar.scanners.breaker import Breaker
from sidecar.scanners.engine import Engine, Identity
from sidecar.scanners.proof import UnprovenError, largest_proven, prove
from sidecar.scanners.result import EngineError, Trouble

_log: Final = logging.getLogger("sidecar.scanners")


class Health:
    """What is known of an engine.

    Attributes:
        identity: what it says of itself.
        largest: bytes in the largest file that it examines.
        why_down: why it cannot be relied on, empty while it can.
    """

    def __init__(
        self, name: str, settings: ScannerSettings, engine: Engine, breaker: Breaker, on_proven: Callable[[], None]
    ) -> None:
        self.identity = Identity("unknown")
        self.largest = settings.max_file
        self.why_down = "it is not proven yet"
        self._name = name
        self._settings = settings
        self._engine = engine
        self._breaker = breaker
        self._on_proven = on_proven
        self._tried = asyncio.Event()
        self._opened = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def up(self) -> bool:
        """Whether its word counts."""
        return not self.why_down

    @property
    def told_down(self) -> str:
        """That it is down, why, and where it was looked for; only while it is."""
        return f"scanner {self._name} is down: {self.why_down} ({self._settings.url})"

    @property
    def breaker_open(self) -> bool:
        """Whether it is left alone after failures."""
        return self._breaker.open

    @property
    def tried(self) -> bool:
        """Whether anything is known of it yet."""
        return self._tried.is_set()

    async def known(self) -> None:
        """Wait until it was tried once."""
        await self._tried.wait()

    def require(self) -> None:
        """Go on only while it works.

        Raises:
            EngineError: it does not.
        """
        if self.why_down:
            raise EngineError(Trouble.DOWN, self.why_down)

    def succeeded(self) -> None:
        """It has answered as it should; one that is down has to be proven all the same."""
        if self.up:
            self._breaker.succeeded()

    def failed(self, why: str) -> None:
        """It has failed; too often in a row, and it is down."""
        if self._breaker.failed() and self.up:
            self._down(why)
            self._opened.set()

    def _down(self, why: str) -> None:
        if why != self.why_down:
            self.why_down = why
            _log.error("%s", self.told_down)

    def start(self) -> None:
        """Prove it from now on."""
        self._task = asyncio.create_task(self._watch(), name=f"prove scanner {self._name}")

    async def close(self) -> None:
        """Prove it no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    async def _watch(self) -> None:
        while True:
            worked = await self._try(self._prove)
            self._tried.set()
            if not worked or not await self._stayed():
                await self._rest(self._settings.pause)

    async def _stayed(self) -> bool:
        """Ask from time to time whether it is still there, until it is to be proven again; whether it was."""
        loop = asyncio.get_running_loop()
        until = loop.time() + self._settings.prove_every
        while self.up and (left := until - loop.time()) > 0:
            await self._rest(min(left, self._settings.ping_every))
            if self.up and not await self._try(self._ping):
                return False
        return True

    async def _rest(self, seconds: float) -> None:
        """So long, or until the breaker opens; then the engine is left alone for a moment."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._opened.wait()
        if self._opened.is_set():
            self._opened.clear()
            await asyncio.sleep(self._settings.pause)

    async def _try(self, question: Callable[[], Awaitable[None]]) -> bool:
        """Ask it once; whether that went well."""
        try:
            async with asyncio.timeout(self._settings.deadline):
                await question()
        except UnprovenError as error:
            self._down(str(error))
        except (EngineError, TimeoutError) as error:
            self._stumbled(error.detail if isinstance(error, EngineError) else "no answer in time")
        except Exception as error:  # noqa: BLE001 - a bug here must not end the proving
            _log.exception("scanner %s: a bug", self._name)
            self._stumbled(type(error).__name__)
        else:
            return True
        return False

    def _stumbled(self, why: str) -> None:
        """It could not be asked: an engine that worked until now gets another chance."""
        if self._breaker.failed() or not self.up:
            self._down(why)

    async def _ping(self) -> None:
        """Other signatures are to be proven at once."""
        if await self._identified() != self.identity:
            await self._prove()

    async def _identified(self) -> Identity:
        async with asyncio.timeout(self._settings.connect_timeout):
            return await self._engine.identify()

    async def _prove(self) -> None:
        identity = await self._identified()
        await prove(self._engine)
        self.largest = await self._find_largest()
        self._breaker.succeeded()
        if not self.up:
            _log.info("scanner %s is up: %s, files up to %d bytes", self._name, identity.version, self.largest)
        self.identity, self.why_down = identity, ""
        self._opened.clear()
        self._on_proven()

    async def _find_largest(self) -> int:
        """By what it says, and by what it does."""
        wanted = self._settings.max_file
        said = await self._engine.largest(wanted)
        proven = await largest_proven(self._engine, said) if self._engine.unpacks else said
        if proven == 0 and said:
            if not self.up:
                _log.warning("scanner %s finds no EICAR test file in an archive: it does not unpack", self._name)
            return said
        if proven < wanted and proven != self.largest:
            _log.warning(
                "scanner %s examines files up to %d bytes, and max_file is %d: larger ones are not examined",
                self._name, proven, wanted,
            )  # fmt: skip
        return proven
