"""clamd, over a unix socket or TCP (clamd(8)).

Only whole files are sent, as fast as clamd reads: a client's pace would hold one of its threads (MaxThreads), and once
all of them are held even PING hangs.
"""

import contextlib
import os
import struct
from collections.abc import Awaitable, Callable, Iterator
from types import TracebackType
from typing import Final, Literal, Self

from sidecar.isolation.copy import read_only
from sidecar.policy.values.addresses import Address, UnixAddress
from sidecar.scanners.clamd_answers import read_result, read_version
from sidecar.scanners.connection import Connection, OnConnection
from sidecar.scanners.engine import Identity
from sidecar.scanners.held import Held, sample
from sidecar.scanners.result import Clean, EngineError, Result, Trouble, garbled

_LONGEST_ANSWER: Final = 8192
_LARGEST_CHUNK: Final = 0xFFFF_FFFF


class Clamd:
    """An engine; once it was asked who it is, it knows whether descriptors get through."""

    unpacks: Final = True
    refused: Final = ""

    def __init__(
        self, address: Address, patience: float, transfer: Literal["auto", "stream", "descriptor"] = "auto"
    ) -> None:
        self._address = address
        self._patience = patience
        self._transfer = transfer
        self._by_descriptor = transfer != "stream" and isinstance(address, UnixAddress)

    @property
    def wants_files_alone(self) -> bool:
        """FILDES knows no part of a file, and INSTREAM not every size."""
        return self._by_descriptor

    async def identify(self) -> Identity:
        """PING, VERSION, and whether a descriptor is understood."""
        answer = await self._ask(b"PING")
        if answer != b"PONG":
            raise garbled(answer)
        self._by_descriptor = await self._understands_descriptors()
        return read_version(await self._ask(b"VERSION"))

    async def signatures(self) -> str:
        """VERSION alone."""
        return read_version(await self._ask(b"VERSION")).signatures

    async def _understands_descriptors(self) -> bool:
        """AppArmor and the like may keep clamd from a descriptor; `auto` then sends streams."""
        if self._transfer == "stream" or not isinstance(self._address, UnixAddress):
            return False
        try:
            with sample(b"a sample that is clean") as held:
                return isinstance(await self._scan_by_descriptor(held), Clean)
        except EngineError:
            if self._transfer == "descriptor":
                raise
            return False

    async def _scan_by_descriptor(self, held: Held) -> Result:
        async with ClamdScan(self._open, by_descriptor=True) as scan:
            await scan.begin(held)
            return await scan.end()

    async def largest(self, most: int) -> int:
        """StreamMaxLength, which nothing tells, by the length of a chunk that is announced and never sent.

        clamd answers at once where the announced length is above what is left of its limit; where it is not, it waits
        for the chunk and ends without an answer, because our side of the connection ended.
        """
        if self._by_descriptor or await self._takes(most):
            return most  # FILDES knows no such limit
        low, high = 0, most
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if await self._takes(middle) else (low, middle)
        return low

    async def _takes(self, size: int) -> bool:
        with contextlib.closing(await self._open()) as connection:
            await connection.send(b"zINSTREAM\0" + struct.pack(">I", min(size, _LARGEST_CHUNK)))
            connection.end_sending()
            return b"size limit exceeded" not in await connection.receive()

    async def _ask(self, command: bytes) -> bytes:
        with contextlib.closing(await self._open()) as connection:
            await connection.send(b"z%b\0" % command)
            return await connection.receive_until(b"\0", _LONGEST_ANSWER)

    async def _open(self) -> Connection:
        return await Connection.open(self._address, self._patience)

    def scan(self) -> "ClamdScan":
        """A new scan, on a connection of its own."""
        return ClamdScan(self._open, by_descriptor=self._by_descriptor)

    def places(self, most: int) -> int:
        """What MaxThreads is, clamd does not say reliably."""
        return most

    async def close(self) -> None:
        """Nothing is kept."""


class ClamdScan(OnConnection):
    """One file in one session: clamd ends the connection behind its answer."""

    def __init__(self, connect: Callable[[], Awaitable[Connection]], *, by_descriptor: bool) -> None:
        super().__init__()
        self._connect = connect
        self._by_descriptor = by_descriptor
        self._told = False

    async def __aenter__(self) -> Self:
        """Connect."""
        self._connection = await self._connect()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave; what clamd still does for us ends with the connection, or with the file."""
        self._open.close()

    async def begin(self, held: Held) -> bool:
        """Send the command, and the descriptor where that is all that clamd needs."""
        self._by_descriptor = self._by_descriptor and held.alone
        if not self._by_descriptor:
            await self._open.send(b"zINSTREAM\0")
            return True
        await self._open.send(b"zFILDES\0")
        with _read_only(held.range.descriptor) as descriptor:
            self._open.pass_descriptor(descriptor)
        return False

    async def feed(self, chunk: bytes) -> bool:
        """One chunk of INSTREAM: its length in four bytes, and its bytes."""
        if self._open.has_answer:
            self._told = True
            return False
        try:
            await self._open.send(struct.pack(">I", len(chunk)))
            await self._open.send(chunk)
        except EngineError:
            self._told = True  # it may have said why before it left
            return False
        return True

    async def end(self) -> Result:
        """A chunk of no bytes ends the stream; then the result."""
        if not self._by_descriptor and not self._told:
            await self._open.send(b"\0\0\0\0")
        return read_result(await self._open.receive_until(b"\0", _LONGEST_ANSWER))


@contextlib.contextmanager
def _read_only(descriptor: int) -> Iterator[int]:
    """The same file, opened anew: clamd gets no right to write to it, and an offset of its own."""
    try:
        own = read_only(descriptor)
    except OSError as error:
        raise EngineError(Trouble.DOWN, f"the file cannot be opened anew: {error.strerror}") from error
    try:
        yield own
    finally:
        os.close(own)
