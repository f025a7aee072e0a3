"""One connection to an engine: bytes out and in, descriptors along the way, failures under one name."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from typing import Any, Final, Self

from sidecar.policy.values.addresses import Address, TcpAddress, UnixAddress
from sidecar.scanners.result import EngineError, Trouble, garbled

_READ: Final = 64 * 1024


@contextlib.contextmanager
def _mapped() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise EngineError(Trouble.DOWN, error.strerror or type(error).__name__) from error


class Connection:
    """Open until `close`; what was read beyond what was asked for waits for the next read.

    A plain socket and not a stream: clamd takes descriptors along the way, and half-closed connections are asked for.
    """

    def __init__(self, peer: socket.socket) -> None:
        self._socket = peer
        self._read = bytearray()

    @classmethod
    async def open(cls, address: Address, patience: float) -> Self:
        """Connect.

        Raises:
            EngineError: nobody is there, or not within `patience` seconds.
        """
        try:
            async with asyncio.timeout(patience):
                with _mapped():
                    return cls(await _connected(address))
        except TimeoutError as error:
            raise EngineError(Trouble.DOWN, f"no connection within {patience:g} s") from error

    async def send(self, data: bytes) -> None:
        """Send all of it."""
        with _mapped():
            await asyncio.get_running_loop().sock_sendall(self._socket, data)

    def pass_descriptor(self, descriptor: int) -> None:
        """Send one byte with a descriptor beside it (unix(7), SCM_RIGHTS)."""
        with _mapped():
            socket.send_fds(self._socket, [b"\0"], [descriptor])

    def end_sending(self) -> None:
        """Tell the other side that nothing more comes."""
        with _mapped():
            self._socket.shutdown(socket.SHUT_WR)

    async def receive(self) -> bytes:
        """Whatever comes next; nothing where the other side has ended."""
        if self._read:
            data = bytes(self._read)
            self._read.clear()
            return data
        with _mapped():
            return await asyncio.get_running_loop().sock_recv(self._socket, _READ)

    async def receive_until(self, end: bytes, most: int) -> bytes:
        """Bytes up to an end, without it.

        Raises:
            EngineError: the other side stops before, or says more than `most` bytes.
        """
        searched = 0
        while (at := self._read.find(end, searched)) < 0:
            if len(self._read) > most:
                raise garbled(bytes(self._read))
            searched = max(0, len(self._read) - len(end) + 1)
            await self._more()
        data = bytes(self._read[:at])
        del self._read[: at + len(end)]
        return data

    async def receive_exactly(self, size: int) -> bytes:
        """So many bytes.

        Raises:
            EngineError: the other side stops before.
        """
        while len(self._read) < size:
            await self._more()
        data = bytes(self._read[:size])
        del self._read[:size]
        return data

    async def _more(self) -> None:
        with _mapped():
            data = await asyncio.get_running_loop().sock_recv(self._socket, _READ)
        if not data:
            raise EngineError(Trouble.DOWN, "the engine ended the connection before its answer was complete")
        self._read += data

    @property
    def has_answer(self) -> bool:
        """Whether something was received already, or the other side has ended, while nobody had asked for it."""
        if self._read:
            return True
        try:
            return len(self._socket.recv(1, socket.MSG_PEEK)) >= 0
        except BlockingIOError:
            return False
        except OSError:
            return True

    def close(self) -> None:
        """Let go of it."""
        self._socket.close()


class OnConnection:
    """What has a connection once it is entered."""

    def __init__(self) -> None:
        self._connection: Connection | None = None

    @property
    def _open(self) -> Connection:
        if self._connection is None:
            raise RuntimeError("the scan was not entered")
        return self._connection


async def _connected(address: Address) -> socket.socket:
    """A connection to the first of its addresses that takes one."""
    problem = OSError("the name has no address")
    for family, target in await _targets(address):
        peer = socket.socket(family, socket.SOCK_STREAM)
        peer.settimeout(0)
        try:
            await asyncio.get_running_loop().sock_connect(peer, target)
        except OSError as error:
            peer.close()
            problem = error
        except BaseException:
            peer.close()
            raise
        else:
            if family != socket.AF_UNIX:
                peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return peer
    raise problem


async def _targets(address: Address) -> list[tuple[int, Any]]:
    match address:
        case UnixAddress(path=path):
            return [(socket.AF_UNIX, path)]
        case TcpAddress(host=host, port=port):
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
            return [(family, target) for family, _, _, _, target in found]
