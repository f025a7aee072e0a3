"""Both ends of a wire, made of bytes: a service that does what a test says, and a client that sends what it likes."""

import asyncio
import contextlib
import struct
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import ClassVar

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
PATIENCE = 10.0


@dataclass
class Message:
    """One HTTP message as it stood on the wire."""

    head: bytes
    body: bytes
    complete: bool

    @property
    def start(self) -> bytes:
        return self.head.split(b"\r\n", 1)[0]

    @property
    def status(self) -> int:
        return int(self.start.split(b" ")[1])

    @property
    def lines(self) -> list[bytes]:
        return self.head.rstrip(b"\r\n").split(b"\r\n")[1:]

    def values(self, name: str) -> list[bytes]:
        wanted = name.lower().encode()
        pairs = (line.partition(b":") for line in self.lines)
        return [value.strip() for key, _, value in pairs if key.lower() == wanted]


async def read_message(reader: asyncio.StreamReader, *, bodiless: bool = False) -> Message | None:
    """The next message, cut where the connection ended; None where it ended before one began."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as cut:
        return Message(cut.partial, b"", complete=False) if cut.partial else None
    except ConnectionError:
        return None
    message = Message(head, b"", complete=True)
    if not bodiless:
        await _read_body(reader, message)
    return message


async def _read_body(reader: asyncio.StreamReader, message: Message) -> None:
    if message.start.startswith(b"HTTP/") and message.status in (204, 304):
        return
    try:
        if message.values("transfer-encoding"):
            while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
                message.body += (await reader.readexactly(size + 2))[:-2]
            await reader.readuntil(b"\r\n")
        elif lengths := message.values("content-length"):
            message.body = await reader.readexactly(int(lengths[0]))
        elif message.start.startswith(b"HTTP/"):
            message.body = await reader.read()
    except asyncio.IncompleteReadError as cut:
        message.body += cut.partial
        message.complete = False
    except ConnectionError:
        message.complete = False


Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Service:
    """A legacy service on a free port of loopback.

    By default it reads whole requests and answers each with `answer`; a `script` replaces that.
    """

    answer: bytes = OK
    script: Script | None = None
    requests: list[Message] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    connected: asyncio.Event = field(default_factory=asyncio.Event)
    _server: asyncio.Server | None = None
    _writers: list[asyncio.StreamWriter] = field(default_factory=list)
    _seen: asyncio.Event = field(default_factory=asyncio.Event)

    async def start(self) -> "Service":
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def stop(self) -> None:
        self._server.close()
        for writer in self._writers:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()
        await self._server.wait_closed()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def complete_requests(self) -> list[Message]:
        return [request for request in self.requests if request.complete]

    async def next_request(self) -> Message:
        """Wait for the first request (or what there was of it)."""
        async with asyncio.timeout(PATIENCE):
            await self._seen.wait()
        return self.requests[0]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.connected.set()
        self._writers.append(writer)
        with contextlib.suppress(ConnectionError):
            await (self.script or self._answer_all)(reader, writer)

    async def _answer_all(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while request := await read_message(reader):
            self.note(request)
            if not request.complete:
                break
            writer.write(self.answer)
            await writer.drain()
        writer.close()

    def note(self, request: Message) -> None:
        self.requests.append(request)
        self._seen.set()


class Wire:
    """A client's connection; the tests' fixture closes those that are left open."""

    opened: ClassVar[list["Wire"]] = []

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    @classmethod
    async def open(cls, port: int) -> "Wire":
        wire = cls(*await asyncio.open_connection("127.0.0.1", port))
        cls.opened.append(wire)
        return wire

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def read(self, *, bodiless: bool = False) -> Message | None:
        async with asyncio.timeout(PATIENCE):
            return await read_message(self.reader, bodiless=bodiless)

    async def read_to_end(self) -> bytes:
        async with asyncio.timeout(PATIENCE):
            return await self.reader.read()

    async def ask(self, data: bytes, *, bodiless: bool = False) -> Message | None:
        await self.send(data)
        return await self.read(bodiless=bodiless)

    def reset(self) -> None:
        """Leave with RST."""
        self.writer.transport.abort()

    async def close(self) -> None:
        self.writer.close()
        with contextlib.suppress(ConnectionError):
            await self.writer.wait_closed()


def form(*parts: tuple[str, str | None, str | None, bytes], boundary: bytes = b"XBOUNDARYX") -> bytes:
    """A form as browsers write it: (name, file name or None, content type or None, data) for each part."""
    body = b""
    for name, filename, content_type, data in parts:
        body += b"--" + boundary + b'\r\nContent-Disposition: form-data; name="' + name.encode() + b'"'
        body += b"" if filename is None else b'; filename="' + filename.encode() + b'"'
        body += b"" if content_type is None else b"\r\nContent-Type: " + content_type.encode()
        body += b"\r\n\r\n" + data + b"\r\n"
    return body + b"--" + boundary + b"--\r\n"


def post(body: bytes, *, target: str = "/upload", boundary: bytes = b"XBOUNDARYX", fields: bytes = b"") -> bytes:
    """A request with a form."""
    return (
        b"POST " + target.encode() + b" HTTP/1.1\r\nHost: service.test\r\n"
        b"Content-Type: multipart/form-data; boundary=" + boundary + b"\r\n"
        b"Content-Length: " + str(len(body)).encode() + b"\r\n" + fields + b"\r\n" + body
    )


def png(data: bytes = zlib.compress(bytes(5))) -> bytes:
    """An image of one pixel, or what looks like one around other data."""
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 6, 0, 0, 0)), (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(map(_chunk, chunks))


def _chunk(chunk: tuple[bytes, bytes]) -> bytes:
    kind, data = chunk
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


PNG = png()
