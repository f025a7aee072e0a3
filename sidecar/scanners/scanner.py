"""One engine under guard: bounded, timed, proven, and left alone while it is down."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Final, Protocol

from sidecar.policy.settings.scanners import Scanner as ScannerSettings
from sidecar.scanners.breaker import Breaker
from sidecar.scanners.cache import Cache
from sidecar.scanners.engine import Engine, run
from sidecar.scanners.health import Health
from sidecar.scanners.held import Held
from sidecar.scanners.result import Bad, EngineError, NotExamined, Result, Trouble
from sidecar.scanners.slots import Slots

_log: Final = logging.getLogger("sidecar.scanners")
_MOST: Final = 0.5
"""Share of the deadline in wait of a place, from where on a result that is late is not the engine's fault."""


class Witness(Protocol):
    """Who wants to know: the metrics."""

    def scanned(self, engine: str, result: Result, seconds: float, *, cached: bool) -> None:
        """A file was scanned, or could not be."""

    def waited(self, seconds: float) -> None:
        """A scan has waited for its place."""

    def signed(self, engine: str, at: float) -> None:
        """An engine has told when its signatures were made, as Unix time."""


class Scanner:
    """Gives a result for every file, whatever its engine does.

    Attributes:
        name: as the configuration calls it.
        settings: what it was made from.
        health: whether its engine works.
        slots: the scans that go on.
    """

    def __init__(
        self,
        name: str,
        settings: ScannerSettings,
        engine: Engine,
        witness: Witness,
        clock: Callable[[], float],
        *,
        share: int = 1,
    ) -> None:
        self.name = name
        self.settings = settings
        self._share = share
        self.slots = Slots(self._places(settings.max_scans), settings.max_waiting)
        self.health = Health(name, settings, engine, Breaker(settings.failures), self._proven)
        self._engine = engine
        self._cache = Cache(settings.cache // share)
        self._witness = witness
        self._clock = clock

    def _proven(self) -> None:
        """An engine may allow fewer scans than the settings do."""
        self.slots.resize(self._places(self._engine.places(self.settings.max_scans)))
        if self.health.identity.signed_at:
            self._witness.signed(self.name, self.health.identity.signed_at)

    def _places(self, of_all: int) -> int:
        """Our share of the scans that all processes together may have under way."""
        return max(1, of_all // self._share)

    @property
    def wants_files_alone(self) -> bool:
        """Whether its engine cannot be given a part of what stands behind a descriptor."""
        return self._engine.wants_files_alone

    async def scan(self, files: Sequence[Held], *, stop_at_bad: bool) -> list[Result]:
        """A result for each file, in order, all of them within one deadline.

        Args:
            files: complete, and unchanged until this returns.
            stop_at_bad: leave the others out once something was found.
        """
        until = asyncio.get_running_loop().time() + self.settings.deadline
        results: list[Result] = []
        for file in files:
            began = self._clock()
            result, cached = await self._scan(file, until)
            self._witness.scanned(self.name, result, self._clock() - began, cached=cached)
            results.append(result)
            if stop_at_bad and isinstance(result, Bad):
                break
        return results

    async def _scan(self, file: Held, until: float) -> tuple[Result, bool]:
        """The result, and whether it was known before."""
        if file.size > self.settings.max_file:
            return NotExamined(Trouble.TOO_LARGE, f"more than {self.settings.max_file} bytes"), False
        waits: list[float] = []  # for a place, where there was one and the engine was asked
        blamed = False
        try:
            async with asyncio.timeout_at(until):
                return await self._found(file, waits)
        except TimeoutError:
            error = self._late(waits)
            blamed = error.trouble is Trouble.LATE
        except EngineError as failure:
            error, blamed = failure, bool(waits)
        except Exception as failure:  # noqa: BLE001 - a bug in an engine is no result, and no outage
            _log.exception("scanner %s: a bug", self.name)
            error, blamed = EngineError(Trouble.GARBLED, type(failure).__name__), bool(waits)
        if blamed and error.trouble.of_the_engine and self.health.up:
            _log.warning("scanner %s failed: %s", self.name, error.detail)
            self.health.failed(error.detail)
        return NotExamined(error.trouble, error.detail), False

    def _late(self, waits: Sequence[float]) -> EngineError:
        if waits and waits[0] < self.settings.deadline * _MOST:
            return EngineError(Trouble.LATE, "no result before the deadline")
        if not self.health.tried:
            return EngineError(Trouble.DOWN, self.health.why_down)
        return EngineError(Trouble.BUSY, "no place was free long enough before the deadline")

    async def _found(self, file: Held, waits: list[float]) -> tuple[Result, bool]:
        """What the engine says, once it is known to work and there is a place."""
        await self.health.known()
        self.health.require()
        if file.size > self.health.largest:
            return NotExamined(Trouble.TOO_LARGE, f"more than {self.health.largest} bytes"), False
        came = self._clock()
        async with self.slots.place(self._clock, self._witness.waited):
            self.health.require()  # it may have gone down while others were served
            waits.append(self._clock() - came)
            return await self._asked(file)

    async def _asked(self, file: Held) -> tuple[Result, bool]:
        signatures = await self._engine.signatures() if self.settings.cache else ""
        if (found := self._cache.find(file.sha256, signatures)) is not None:
            return found, True
        result = await run(self._engine, file)
        if isinstance(result, NotExamined) and result.trouble.of_the_engine:
            _log.warning("scanner %s failed at one file: %s", self.name, result.detail)
        self.health.succeeded()
        self._cache.keep(file.sha256, signatures, result)
        return result, False

    @property
    def refused(self) -> str:
        """Why newer signatures than those in force cannot be used; empty where there are none."""
        return self._engine.refused

    async def close(self) -> None:
        """Ask no more whether the engine works, and let go of what is idle."""
        await self.health.close()
        await self._engine.close()
