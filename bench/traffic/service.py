"""A service as a process of its own: swallows whole requests, answers `/big` at length."""

import asyncio
import contextlib
import re
import resource
import socket

import uvloop

BLOCK = b"x" * 65536
BIG = 128
"""Blocks of the answer to /big."""
SEND_BUFFER = 128 * 1024
"""In the kernel; left to itself it takes 4 MB for each slow reader, and hundreds of them all there is for TCP."""
LENGTH = re.compile(rb"(?i)\r\ncontent-length: (\d+)")
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One connection, until its end."""
    with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            await swallow(reader, head)
            if head.startswith(b"GET /big"):
                await answer_at_length(writer)
            else:
                writer.write(OK)
                await writer.drain()
    writer.close()


async def swallow(reader: asyncio.StreamReader, head: bytes) -> None:
    """Read a body and forget it."""
    if b"\r\ntransfer-encoding: chunked" in head.lower():
        while size := int(await reader.readuntil(b"\r\n"), 16):
            await drop(reader, size + 2)
        await reader.readuntil(b"\r\n")
    elif found := LENGTH.search(head):
        await drop(reader, int(found[1]))


async def drop(reader: asyncio.StreamReader, size: int) -> None:
    """Read so many bytes and forget them."""
    while size:
        chunk = await reader.read(min(size, 1 << 20))
        if not chunk:
            raise ConnectionResetError
        size -= len(chunk)


async def answer_at_length(writer: asyncio.StreamWriter) -> None:
    """Eight megabytes, as fast as they are taken."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (BIG * len(BLOCK)))
    for _ in range(BIG):
        writer.write(BLOCK)
        await writer.drain()


async def main() -> None:
    """Serve on a free port, which is printed."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    listener = socket.create_server(("127.0.0.1", 0), backlog=4096)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
    server = await asyncio.start_server(serve, sock=listener, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        uvloop.run(main())
