"""One scan by ICAP: a request with a file in it, and what comes back (RFC 3507, sections 4.3 to 4.9)."""

import asyncio
import contextlib
import hashlib
from collections.abc import Coroutine, Iterator
from types import TracebackType
from typing import Final, Protocol, Self

from sidecar.scanners.connection import Connection, OnConnection
from sidecar.scanners.held import Held
from sidecar.scanners.icap_body import read_encapsulated, receive_head
from sidecar.scanners.icap_message import LAST_CHUNK, LAST_OF_ALL, Head, chunk
from sidecar.scanners.icap_options import Options
from sidecar.scanners.icap_verdict import Answer, judge
from sidecar.scanners.result import EngineError, Result, Trouble

_CONTINUE: Final = 100
_OK: Final = 200


class Service(Protocol):
    """What a scan needs of its engine."""

    async def options(self) -> Options:
        """What the service says of itself."""

    def head(self, options: Options, held: Held) -> bytes:
        """A request up to the file."""

    async def connection(self) -> tuple[Connection, bool]:
        """A connection, and whether it served before."""

    def give_back(self, connection: Connection, *, keep: bool) -> None:
        """Keep a connection for the next scan, or not."""


class IcapScan(OnConnection):
    """One file in one request.

    The answer is read while the file is sent: servers may begin it early, and stop reading if nobody takes it.
    """

    def __init__(self, service: Service) -> None:
        super().__init__()
        self._service = service
        self._served_before = False
        self._size = self._sent = 0
        self._preview: int | None = None
        self._digest = hashlib.sha256()
        self._answer: asyncio.Task[tuple[Head, int, str]] | None = None
        self._keep = False

    async def __aenter__(self) -> Self:
        """Connect."""
        self._connection, self._served_before = await self._service.connection()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the connection back where the exchange came to its end."""
        if self._answer is not None and not self._answer.done():
            self._answer.cancel()
        if self._answer is not None:
            await asyncio.wait({self._answer})
            if not self._answer.cancelled():
                self._answer.exception()  # seen, whether or not somebody waited for it
        self._service.give_back(self._open, keep=self._keep)

    @property
    def _answered(self) -> bool:
        return self._answer is not None and self._answer.done()

    async def begin(self, held: Held) -> bool:
        """Send the head, and a preview of nothing where that is all that is wanted."""
        options = await self._service.options()
        self._size, self._preview = held.size, options.preview
        with self._perhaps_stale():
            await self._open.send(self._service.head(options, held) + (b"" if held.size else self._last))
        if self._preview is None:
            self._hear()
        elif self._preview == 0 and held.size:
            await self._end_preview()
        return held.size > 0 and not self._answered

    async def feed(self, data: bytes) -> bool:
        """The next bytes; behind the preview only if the server says that it wants them."""
        if self._preview is not None:
            first, data = data[: self._preview], data[self._preview :]
            await self._send(first)
            if self._sent < self._size:
                await self._end_preview()
        if data and not self._answered:
            await self._send(data)
        return not self._answered

    @property
    def _last(self) -> bytes:
        return LAST_CHUNK if self._preview is None else LAST_OF_ALL

    async def _send(self, data: bytes) -> None:
        """Send a chunk, and with the end of the file the last one; behind its answer a server need not take any more.

        A request is over only with its last chunk (RFC 9112, section 7.1): were that sent apart, an answer could come
        between, and nobody would know whether the server took it for a whole file, or what it reads next.
        """
        self._digest.update(data)
        end = self._last if self._sent + len(data) == self._size else b""
        with self._perhaps_stale():
            sending = self._open.send(chunk(data) + end)
            if self._answer is None:
                await sending
            elif not await _done_before(sending, self._answer):
                return
        self._sent += len(data)

    async def _end_preview(self) -> None:
        """Section 4.5: after the preview the server says 100, or has made up its mind."""
        self._preview = None
        with self._perhaps_stale():
            await self._open.send(LAST_CHUNK)
            head = await receive_head(self._open)
        self._served_before = False
        if head.status == _CONTINUE:
            self._hear()
        else:
            await asyncio.wait({self._hear(head)})

    def _hear(self, head: Head | None = None) -> asyncio.Task[tuple[Head, int, str]]:
        """Read the answer, from wherever its reading stands."""
        if self._answer is None:
            self._answer = asyncio.create_task(self._receive(head), name="hear an ICAP server")
        return self._answer

    async def _receive(self, head: Head | None) -> tuple[Head, int, str]:
        head = head or await receive_head(self._open)
        return head, *(await read_encapsulated(self._open, head, self._size))

    async def end(self) -> Result:
        """The verdict."""
        all_sent = self._sent == self._size
        with self._perhaps_stale():
            head, status, digest = await self._hear()
        self._keep = all_sent and head.keeps_alive
        same = digest == (self._digest.hexdigest() if head.body or self._size else "") and status in {0, _OK}
        return judge(Answer(head, status, same=same, all_sent=all_sent))

    @contextlib.contextmanager
    def _perhaps_stale(self) -> Iterator[None]:
        """A connection that served before may have ended just now: the same scan may work on another."""
        try:
            yield
        except EngineError as error:
            error.again = error.again or (self._served_before and error.trouble is Trouble.DOWN)
            raise


async def _done_before(work: Coroutine[None, None, None], answer: asyncio.Task[tuple[Head, int, str]]) -> bool:
    """Whether some sending was done before the answer was there; where it fails, the answer tells why."""
    sending = asyncio.ensure_future(work)
    try:
        await asyncio.wait({sending, answer}, return_when=asyncio.FIRST_COMPLETED)
        return sending.done() and sending.exception() is None
    finally:
        sending.cancel()
        await asyncio.wait({sending})
