"""Engines that pass their proof, and do what a test says with every other file."""

import asyncio
import contextlib
import socket

from sidecar.inspection.checks.eicar import TEST_STRING as EICAR
from sidecar.scanners.proof import CLEAN

_BUFFER = 64 * 1024
"""Bytes that the kernel takes for a daemon that does not read."""


class Broken:
    """A daemon that does what a test says with every connection."""

    def __init__(self, script, port=0):
        self.script = script
        self._port = port
        self.connections = 0
        self._server = None
        self._serving = set()

    async def __aenter__(self):
        listening = socket.create_server(("127.0.0.1", self._port))
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
        self._server = await asyncio.start_server(self._serve, sock=listening)
        return self

    @property
    def port(self):
        return self._server.sockets[0].getsockname()[1]

    async def _serve(self, reader, writer):
        self.connections += 1
        self._serving.add(asyncio.current_task())
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
                await self.script(reader, writer)
        except asyncio.CancelledError:
            writer.transport.abort()
        finally:
            self._serving.discard(asyncio.current_task())
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def __aexit__(self, *_):
        """Killed: whoever listens or is connected notices."""
        self._server.close()
        serving = set(self._serving)
        for task in serving:
            task.cancel()
        if serving:
            await asyncio.wait(serving)


def clamd(then):
    """A clamd that does something else with every file that is not of the proof."""

    async def script(reader, writer):
        command = (await reader.readuntil(b"\0")).strip(b"z\0")
        if command in (b"PING", b"VERSION"):
            writer.write(b"PONG\0" if command == b"PING" else b"ClamAV 1/2/Mon Nov 23 09:00:00 2026\0")
            return
        data = await stream_of(reader)
        if EICAR in data or data == CLEAN:
            writer.write(b"stream: Test FOUND\0" if EICAR in data else b"stream: OK\0")
        else:
            await then(reader, writer)

    return script


async def stream_of(reader):
    """The file of an INSTREAM."""
    data = b""
    while size := int.from_bytes(await reader.readexactly(4), "big"):
        data += await reader.readexactly(size)
    return data


OPTIONS = b'Methods: RESPMOD\r\nISTag: "1"\r\n'
INFECTED = (
    b"ICAP/1.0 200 OK\r\nX-Infection-Found: Type=0; Resolution=2; Threat=Test;\r\nEncapsulated: null-body=0\r\n\r\n"
)
PASSED = b"ICAP/1.0 204 No Content\r\n\r\n"


def icap(then, options=OPTIONS):
    """An ICAP server that does something else with every file that is not of the proof; the file is not read yet.

    Its preview, where it has one, must be of nothing.
    """

    async def script(reader, writer):
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            if head.startswith(b"OPTIONS"):
                writer.write(b"ICAP/1.0 200 OK\r\n" + options + b"\r\n")
                continue
            await reader.readexactly(int(head.partition(b"res-body=")[2].partition(b"\r\n")[0]))
            first = await chunk_of(reader)
            if EICAR in first or first == CLEAN:
                await rest_of(reader, first)
                writer.write(INFECTED if EICAR in first else PASSED)
            else:
                await then(reader, writer, first)

    return script


async def chunk_of(reader):
    """The next chunk of a body, empty for the last."""
    data = await reader.readexactly(int((await reader.readuntil(b"\r\n")).partition(b";")[0], 16))
    await reader.readexactly(2)
    return data


async def rest_of(reader, first):
    """What follows the first chunk, which may be the last."""
    while first:
        first = await chunk_of(reader)
