"""What goes wrong at either end of a wire: resets, ends, stalls and nonsense, done to real sockets."""

import asyncio
import contextlib
import socket
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from tests.wire import Message, Service, read_message

SOME = 20_000
"""Bytes of a body that are read before something goes wrong in its middle."""
EARLY = b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 5\r\nConnection: close\r\n\r\nlarge"
WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
HALF = {
    "length": b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + b"x" * 50_000,
    "chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nC350\r\n" + b"x" * 50_000 + b"\r\n",
    "no end": b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 50_000,
}
"""Answers of which the rest never comes, by how they are framed."""


def reset(writer: asyncio.StreamWriter) -> None:
    """RST, whatever is in the buffers."""
    sock = writer.get_extra_info("socket")
    if sock is not None:
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


@dataclass
class Breaker:
    """A service's script that breaks at a place; afterwards it waits until the sidecar lets go of the connection."""

    service: Service
    fault: str
    place: str
    framing: str = "length"
    broken: asyncio.Event = field(default_factory=asyncio.Event)
    let_go: asyncio.Event = field(default_factory=asyncio.Event)
    left: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        try:
            await self._reach(reader, writer)
            faults: dict[str, Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]] = {
                "resets": self._resets,
                "closes": self._closes,
                "stalls": self._stalls,
                "stops reading": self._stops_reading,
                "talks nonsense": self._talks_nonsense,
                "answers early": self._answers_early,
                "answers by and by": self._answers_by_and_by,
                "answers early and resets": self._answers_early_and_resets,
                "answers twice": self._answers_twice,
                "answers nobody": self._answers_nobody,
            }
            await faults[self.fault](reader, writer)
        except asyncio.IncompleteReadError as cut:
            self.service.note(Message(b"", cut.partial, complete=False))
        finally:
            self.left.set()
            writer.close()

    async def _reach(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        message = Message(b"", b"", complete=False)
        match self.place:
            case "before":
                return
            case "head" | "mid-body":
                message.head = await reader.readuntil(b"\r\n\r\n")
                message.complete = message.start.startswith(b"GET")
                message.body = b"" if self.place == "head" else await reader.readexactly(SOME)
            case "after body" | "mid-answer":
                message = await read_message(reader)
        self.service.note(message)
        if self.place == "mid-answer":
            writer.write(HALF[self.framing])
            await writer.drain()

    async def _resets(self, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        reset(writer)
        self.broken.set()

    async def _closes(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write_eof()
        await self._read_on(reader)

    async def _stalls(self, reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await self._read_on(reader)

    async def _stops_reading(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.pause_reading()
        self.broken.set()
        async with asyncio.timeout(10):
            await self.let_go.wait()
        writer.transport.resume_reading()
        await self._read_on(reader)

    async def _talks_nonsense(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"\x00\xff\xfe nonsense\r\n\r\n")
        await self._read_on(reader)

    async def _answers_early(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(EARLY)
        await self._read_on(reader)

    async def _answers_by_and_by(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(HALF[self.framing])
        await self._read_on(reader)

    async def _answers_early_and_resets(self, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(EARLY)
        await writer.drain()
        await asyncio.sleep(0)
        reset(writer)
        self.broken.set()

    async def _answers_twice(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(WHOLE + WHOLE.replace(b"ok", b"no"))
        await self._read_on(reader)

    async def _answers_nobody(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(EARLY)
        await self._read_on(reader)

    async def _read_on(self, reader: asyncio.StreamReader) -> None:
        """Until the sidecar lets go; what is read goes to the message, so that a test sees if it became whole."""
        self.broken.set()
        rest = bytearray()
        with contextlib.suppress(ConnectionError):
            async with asyncio.timeout(10):
                while more := await reader.read(1 << 16):
                    rest += more
        for message in self.service.requests[-1:]:
            if not message.complete:
                message.body += rest
                message.complete = _is_whole(message)


def _is_whole(message: Message) -> bool:
    if message.values("transfer-encoding"):
        return message.body.endswith(b"\r\n0\r\n\r\n")
    return len(message.body) >= int(message.values("content-length")[0])
