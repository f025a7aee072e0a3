"""The scanners of the configuration in force: made, proven, replaced when their settings change."""

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Mapping
from typing import Final
from weakref import WeakSet

from sidecar.policy.settings.model import Config, Mode, Policy
from sidecar.policy.settings.scanners import Scanner as ScannerSettings
from sidecar.policy.settings.scanners import parse_engine
from sidecar.scanners.bench import Bench
from sidecar.scanners.clamd import Clamd
from sidecar.scanners.engine import Engine
from sidecar.scanners.icap import Icap
from sidecar.scanners.scanner import Scanner, Witness
from sidecar.scanners.yara import Yara

_LOOK_EVERY: Final = 1.0
"""Seconds between two looks at whether any upload may still ask a scanner that was replaced."""


def make_engine(settings: ScannerSettings) -> Engine:
    """The engine that some settings name."""
    where = parse_engine(settings.url)
    if where.address is None:
        return Yara(where.name, settings.deadline)
    if where.kind == "icap":
        return Icap(where.address, where.name, settings.connect_timeout, settings.method)
    return Clamd(where.address, settings.connect_timeout, settings.transfer)


class Panel:
    """Knows every scanner that some policy uses; one that none uses is not asked anything.

    Attributes:
        scanners: by name.
    """

    def __init__(self, witness: Witness, clock: Callable[[], float], *, share: int = 1) -> None:
        self.scanners: Mapping[str, Scanner] = {}
        self._witness = witness
        self._clock = clock
        self._share = share
        self._running = False
        self._closing = asyncio.Event()
        self._ending: set[asyncio.Task[None]] = set()
        self._benches: WeakSet[Bench] = WeakSet()  # of uploads under way

    def apply(self, config: Config) -> None:
        """Take a configuration; scanners whose settings are as before stay as they are."""
        used = {name for policy in config.policies.values() for name in policy.scanners.use}
        before = self.scanners
        self.scanners = {name: self._scanner(name, config.scanners[name]) for name in sorted(used & {*config.scanners})}
        if not self._running:
            return
        for name, scanner in self.scanners.items():
            if before.get(name) is not scanner:
                scanner.health.start()
        self._end(scanner for name, scanner in before.items() if self.scanners.get(name) is not scanner)

    def _scanner(self, name: str, settings: ScannerSettings) -> Scanner:
        known = self.scanners.get(name)
        if known is not None and known.settings == settings:
            return known
        return Scanner(name, settings, make_engine(settings), self._witness, self._clock, share=self._share)

    def start(self) -> None:
        """Begin to prove them."""
        self._running = True
        for scanner in self.scanners.values():
            scanner.health.start()

    def bench(self, policy: Policy) -> Bench | None:
        """Those that a policy asks, as they are now; None where it asks none."""
        use = policy.scanners.use
        if not use:
            return None
        found = tuple(self.scanners[name] for name in use if name in self.scanners)
        bench = Bench(policy.scanners, found, tuple(name for name in use if name not in self.scanners))
        self._benches.add(bench)
        return bench

    def not_ready(self, config: Config, mode: Mode) -> list[str]:
        """Why uploads would be refused for want of a scanner, as far as the mode in force refuses anything."""
        return [
            self.scanners[name].health.told_down
            for name in sorted(_demanded(config, mode))
            if name in self.scanners and not self.scanners[name].health.up
        ]

    def _end(self, scanners: Iterable[Scanner]) -> None:
        for scanner in scanners:
            task = asyncio.create_task(self._retire(scanner), name=f"end scanner {scanner.name}")
            self._ending.add(task)
            task.add_done_callback(self._ending.discard)

    async def _retire(self, scanner: Scanner) -> None:
        """Uploads that are under way ask the scanners that they began with, however long they take."""
        while not self._closing.is_set() and any(scanner in bench.scanners for bench in self._benches):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_EVERY):
                    await self._closing.wait()
        await scanner.close()

    async def close(self) -> None:
        """End all of it."""
        self._running = False
        self._closing.set()
        self._end(self.scanners.values())
        if self._ending:
            await asyncio.wait(self._ending)


def _demanded(config: Config, mode: Mode) -> set[str]:
    """Scanners without which some upload is refused."""
    if mode is Mode.OFF:
        return set()
    asked = [("default", mode), *((route.policy, route.mode or mode) for route in config.routes)]
    policies = [config.policies[name] for name, own in asked if own is Mode.ENFORCE and name in config.policies]
    return {name for policy in policies if policy.scanners.on_down == "refuse" for name in policy.scanners.use}
