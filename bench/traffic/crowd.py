"""A hostile crowd as a process of its own: slow heads, slow bodies, slow readers, idle connections, sudden leavers."""

import argparse
import asyncio
import contextlib
import json
import random
import resource
import socket
import struct
import sys
from collections import Counter
from collections.abc import Awaitable, Callable

import uvloop

GET = b"GET /%b HTTP/1.1\r\nHost: service.test\r\n\r\n"
UPLOAD = (
    b"POST /upload HTTP/1.1\r\nHost: service.test\r\nContent-Type: multipart/form-data; boundary=crowd\r\n"
    b"Content-Length: 1000000\r\n\r\n"
    b'--crowd\r\nContent-Disposition: form-data; name="f"; filename="a.dat"\r\n\r\n'
)
SEEN: Counter[str] = Counter()
PAUSE = 1.0
"""Seconds between two bytes of somebody slow."""

Wire = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def slow_head(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A head of which every second brings one byte."""
    writer.write(b"GET / HTTP/1.1\r\nHost: service.test\r\nX-Slow: ")
    while not writer.is_closing():
        writer.write(b"a")
        await asyncio.sleep(PAUSE)


async def slow_body(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """An upload of which every second brings one byte."""
    writer.write(UPLOAD)
    while not writer.is_closing():
        writer.write(b"a")
        await asyncio.sleep(PAUSE)


async def slow_reader(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A long answer of which every second takes a little."""
    writer.write(GET % b"big")
    chunk = b"-"
    while chunk:
        await asyncio.sleep(PAUSE)
        chunk = await reader.read(1024)


async def idle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One honest request, then silence."""
    writer.write(GET % b"")
    await reader.readuntil(b"ok")
    SEEN["idle"] += 1
    await reader.read()


async def leaver(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """An upload that is left with a reset in its middle."""
    writer.write(UPLOAD + b"a" * random.randrange(500_000))
    await asyncio.sleep(random.random() * PAUSE)
    sock = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


KINDS: dict[str, Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]] = {
    "heads": slow_head, "bodies": slow_body, "readers": slow_reader, "idle": idle, "leavers": leaver,
}  # fmt: skip


async def connect(port: int, kind: str) -> Wire:
    """A connection, with little room for what slow readers do not read."""
    sock = socket.socket()
    sock.settimeout(0)
    if kind == "readers":
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    try:
        await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", port))
        return await asyncio.open_connection(sock=sock, limit=4096)
    except OSError:
        sock.close()
        raise


async def misbehave(port: int, kind: str, start_after: float) -> None:
    """One of the crowd: whenever it is thrown out, it comes back."""
    await asyncio.sleep(start_after)
    while True:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            reader, writer = await connect(port, kind)
            SEEN["connected"] += 1
            try:
                await KINDS[kind](reader, writer)
            finally:
                writer.transport.abort()
        await asyncio.sleep(random.random() * PAUSE)


async def run(options: argparse.Namespace) -> None:
    """The whole crowd until time is up."""
    crowd = [
        asyncio.create_task(misbehave(options.port, kind, random.random() * options.ramp))
        for kind in KINDS
        for _ in range(getattr(options, kind))
    ]
    await asyncio.sleep(options.ramp + 0.5)
    print(json.dumps({"ready": len(crowd), **SEEN}), flush=True)
    await asyncio.sleep(options.seconds)
    print(json.dumps(SEEN), flush=True)
    for one in crowd:
        one.cancel()
    await asyncio.wait(crowd)


def main() -> None:
    """Parse and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int)
    for kind in KINDS:
        parser.add_argument(f"--{kind}", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=10, help="how long once all are there (10)")
    parser.add_argument("--ramp", type=float, default=3, help="seconds over which they arrive (3)")
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    options = parser.parse_args()
    if any(getattr(options, kind) for kind in KINDS):
        uvloop.run(run(options))
    else:
        sys.exit("nobody to send: name a kind and a number, such as --heads 1000")


if __name__ == "__main__":
    main()
