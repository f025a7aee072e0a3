"""The floor under every proxy in Python: what an upload costs with nothing around it.

A measuring rod, and no proxy that anybody should use: it believes what it is told, has neither limits nor deadlines,
and knows no chunked bodies. It does what cannot be left out: it reads the head, finds the parts by their delimiter,
takes the digest of each file, holds the request in memory or in a file without a name, sends it on over a kept
connection, and passes the answer back. One thread, no tasks, and no library but Python's own.
"""

import argparse
import hashlib
import os
import re
import socket
import tempfile
from collections.abc import Generator
from pathlib import Path

from bench.bare_loop import Loop, Waits, receive, send
from bench.bare_parts import Digest, Parts

BUFFER = 64 << 10
"""Bytes that are read at first, a head among them."""
WINDOW = 2 << 20
"""Bytes of a larger body that are read at most at once: a seventh less processor for a held one than by 512 KiB."""
IN_MEMORY = 1 << 20
"""Bytes up to which memory holds a request."""
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_BOUNDARY = re.compile(rb'boundary="?([^"\r\n;]+)')


class Spool:
    """Holds a request in a file and sends it from there."""

    def __init__(self, folder: Path) -> None:
        self._file = tempfile.TemporaryFile(dir=folder, buffering=0)  # noqa: SIM115 - closed with the exchange

    def take(self, piece: memoryview) -> Waits:
        """The next bytes."""
        self._file.write(piece)
        yield from ()

    def end(self, peer: socket.socket, size: int) -> Waits:
        """All of it, by the kernel."""
        at = 0
        while at < size:
            try:
                at += os.sendfile(peer.fileno(), self._file.fileno(), at, size - at)
            except BlockingIOError:
                yield peer.fileno()


class Exchange:
    """A client, its connection to the service, and one request after the other."""

    def __init__(self, client: socket.socket, service: socket.socket, digest: Digest | None, hold: Path | None) -> None:
        self._client, self._service, self._digest, self._hold = client, service, digest, hold
        self._buffer = bytearray(BUFFER)
        self._view = memoryview(self._buffer)

    def run(self) -> Waits:
        """Until one of both leaves."""
        with self._client, self._service:
            while True:
                yield self._client.fileno()  # nothing is here yet, so asking first would be in vain
                got, head, size = yield from self._message(self._client)
                boundary = _BOUNDARY.search(self._buffer, 0, head)
                parts = Parts(boundary[1], self._digest) if boundary else None
                if got < size and (self._hold is None or size > IN_MEMORY):
                    yield from self._by_pieces(parts, got, head, size)
                else:
                    yield from self._at_once(parts, got, head, size)
                yield self._service.fileno()
                yield from self._answer()

    def _message(self, peer: socket.socket) -> Generator[int, None, tuple[int, int, int]]:
        """A message begins: how much of it is here, how long its head is, and how long all of it."""
        got = yield from receive(peer, self._view)
        while (end := self._buffer.find(b"\r\n\r\n", 0, got)) < 0:
            got += yield from receive(peer, self._view[got:])
        length = _LENGTH.search(self._buffer, 0, end)
        return got, end + 4, end + 4 + (int(length[1]) if length else 0)

    def _at_once(self, parts: Parts | None, got: int, head: int, size: int) -> Waits:
        """A request that memory holds."""
        whole = self._buffer
        if size > BUFFER:
            whole = bytearray(size)
            whole[:got] = self._view[:got]
        view = memoryview(whole)[:size]
        while got < size:
            got += yield from receive(self._client, view[got:])
        if parts is not None:
            parts.feed(whole, head, size)
        yield from send(self._service, view)

    def _by_pieces(self, parts: Parts | None, got: int, head: int, size: int) -> Waits:
        """A larger one, or one that goes on while it is read."""
        window = bytearray(min(size, WINDOW))
        view = memoryview(window)
        view[:got] = self._view[:got]
        spool = Spool(self._hold) if self._hold else None
        begin, kept, left = 0, head, size
        while True:
            kept = parts.feed(window, kept, got) if parts is not None else got
            yield from spool.take(view[begin:got]) if spool else send(self._service, view[begin:got])
            left -= got - begin
            if not left:
                break
            begin = got - kept
            view[:begin] = view[kept:got]
            got = begin + (yield from receive(self._client, view[begin : begin + left]))
            kept = 0
        if spool:
            yield from spool.end(self._service, size)

    def _answer(self) -> Waits:
        got, _, size = yield from self._message(self._service)
        yield from send(self._client, self._view[:got])
        while got < size:
            more = yield from receive(self._service, self._view)
            yield from send(self._client, self._view[:more])
            got += more


def accept(loop: Loop, listener: socket.socket, service: int, digest: Digest | None, hold: Path | None) -> Waits:
    """An exchange for each client."""
    while True:
        try:
            client = listener.accept()[0]
        except BlockingIOError:
            yield listener.fileno()
        else:
            behind = socket.create_connection(("127.0.0.1", service))
            loop.run_on(Exchange(loop.watch(client), loop.watch(behind), digest, hold).run())


def main() -> None:
    """Serve for ever."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("port", type=int, help="to listen on, of loopback; 0 for one that is free, which is printed")
    parser.add_argument("service", type=int, help="the port of the service")
    parser.add_argument("--stream", action="store_true", help="send on while it is read, instead of holding it")
    parser.add_argument("--no-digest", action="store_true", help="without SHA-256 of each file")
    parser.add_argument("--spool", type=Path, default=Path(tempfile.gettempdir()), help="where large ones are held")
    options = parser.parse_args()
    loop = Loop()
    listener = loop.watch(socket.create_server(("127.0.0.1", options.port), backlog=1024))
    print(listener.getsockname()[1], flush=True)
    digest, hold = None if options.no_digest else hashlib.sha256, None if options.stream else options.spool
    loop.run_on(accept(loop, listener, options.service, digest, hold))
    loop.run()


if __name__ == "__main__":
    main()
