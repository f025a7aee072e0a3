"""The contract of an engine."""

from dataclasses import dataclass
from types import TracebackType
from typing import Final, Protocol, Self

from sidecar.scanners.held import Held
from sidecar.scanners.result import EngineError, Result

_MOST_STALE: Final = 16
"""Connections in a row that may turn out to have ended while they were idle."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What an engine says of itself."""

    version: str
    """For people, printable."""
    signatures: str = ""
    """Changes whenever a verdict may change; empty where the engine does not tell, and then nothing is cached."""
    signed_at: float = 0.0
    """Unix time of its signatures; 0 where it does not tell."""


class Scan(Protocol):
    """One file before one engine: `begin`, `feed` as often as wanted, `end`; leaving the context lets go of all.

    Every verb raises EngineError where the engine fails, and none waits longer than the caller, who cancels.
    """

    async def __aenter__(self) -> Self:
        """Nothing has begun yet."""

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of whatever the scan holds."""

    async def begin(self, held: Held) -> bool:
        """Take a file on; whether its bytes are to be fed (an engine may read the descriptor itself)."""

    async def feed(self, chunk: bytes) -> bool:
        """Take some bytes; whether more are wanted (an engine may have made up its mind)."""

    async def end(self) -> Result:
        """All is said; what was found."""


class Engine(Protocol):
    """Something that looks for malware; every call may be cancelled at any time."""

    @property
    def unpacks(self) -> bool:
        """Whether it looks into archives, so that it can be proven with one."""

    @property
    def refused(self) -> str:
        """Why newer signatures than those in force cannot be used; empty where there are none."""

    @property
    def wants_files_alone(self) -> bool:
        """Whether it works faster, or takes larger files, where nothing else stands behind a descriptor."""

    async def identify(self) -> Identity:
        """Say that it is there, and what it is.

        Raises:
            EngineError: it is not.
        """

    async def signatures(self) -> str:
        """`Identity.signatures` as it is at this moment.

        Raises:
            EngineError: it does not answer.
        """

    async def largest(self, most: int) -> int:
        """Bytes in the largest file that it says it takes, not above `most`.

        Raises:
            EngineError: it does not answer.
        """

    def scan(self) -> Scan:
        """A new scan."""

    def places(self, most: int) -> int:
        """Scans at once that it allows, not above `most`."""

    async def close(self) -> None:
        """Let go of idle connections and processes; scans under way go on."""


async def run(engine: Engine, held: Held) -> Result:
    """One scan from end to end.

    Raises:
        EngineError: the engine failed.
    """
    for _ in range(_MOST_STALE):
        try:
            return await _run(engine, held)
        except EngineError as error:
            if not error.again:
                raise
    return await _run(engine, held)


async def _run(engine: Engine, held: Held) -> Result:
    async with engine.scan() as scan:
        wanted = await scan.begin(held)
        if wanted:
            async for data in held.chunks():
                if not await scan.feed(data):
                    break
        return await scan.end()
