"""An ICAP service (RFC 3507) that scans what it is shown as a response, or as a request."""

import asyncio
from typing import Final, Literal

from sidecar.policy.values.addresses import Address, TcpAddress
from sidecar.scanners.connection import Connection
from sidecar.scanners.engine import Identity
from sidecar.scanners.held import Held
from sidecar.scanners.icap_body import read_encapsulated, receive_head
from sidecar.scanners.icap_message import request
from sidecar.scanners.icap_options import Options, read_options
from sidecar.scanners.icap_scan import IcapScan
from sidecar.scanners.result import EngineError, Trouble

_MOST_IDLE: Final = 16
_HTTP_HOST: Final = "upload.invalid"


class Icap:
    """An engine; keeps connections that the server keeps, and its options for as long as these hold."""

    wants_files_alone: Final = False
    unpacks: Final = True
    refused: Final = ""

    def __init__(
        self, address: Address, service: str, patience: float, method: Literal["auto", "respmod", "reqmod"] = "auto"
    ) -> None:
        self._address = address
        self._patience = patience
        self._wanted = method
        self._host = _authority(address)
        self._url = f"icap://{self._host}/{service}"
        self._idle: list[Connection] = []
        self._options: Options | None = None
        self._asked_at = 0.0
        self._closed = False

    async def identify(self) -> Identity:
        """OPTIONS, asked anew."""
        connection = await Connection.open(self._address, self._patience)
        try:
            await connection.send(request("OPTIONS", self._url, self._host, (), ()))
            head = await receive_head(connection)
            await read_encapsulated(connection, head, 0)
            self._options = read_options(head, self._wanted)
        except BaseException:
            connection.close()
            raise
        self._asked_at = asyncio.get_running_loop().time()
        self.give_back(connection, keep=head.keeps_alive)
        return self._options.identity

    async def signatures(self) -> str:
        """The ISTag of this moment: it changes whenever a verdict may (section 4.7)."""
        return (await self.identify()).signatures

    async def options(self) -> Options:
        """What holds now."""
        options = self._options
        if options is not None and (options.lasts is None or self._age() < options.lasts):
            return options
        await self.identify()
        if self._options is None:
            raise EngineError(Trouble.DOWN, "the service has no options")
        return self._options

    def _age(self) -> float:
        return asyncio.get_running_loop().time() - self._asked_at

    def head(self, options: Options, held: Held) -> bytes:
        """A request up to the file: nothing of the client's request is told, nor the file's name."""
        fields = [("Allow", "204")]
        if options.preview is not None:
            fields.append(("Preview", str(min(options.preview, held.size))))
        about = f"Content-Type: application/octet-stream\r\nContent-Length: {held.size}\r\n\r\n"
        if options.method == "REQMOD":
            asked = f"PUT http://{_HTTP_HOST}/file HTTP/1.1\r\nHost: {_HTTP_HOST}\r\n{about}"
            sections = [("req-hdr", asked.encode("ascii")), ("req-body", b"")]
        else:
            asked = f"GET http://{_HTTP_HOST}/file HTTP/1.1\r\nHost: {_HTTP_HOST}\r\n\r\n"
            answer = f"HTTP/1.1 200 OK\r\n{about}"
            sections = [("req-hdr", asked.encode("ascii")), ("res-hdr", answer.encode("ascii")), ("res-body", b"")]
        return request(options.method, self._url, self._host, fields, sections)

    async def connection(self) -> tuple[Connection, bool]:
        """A connection, and whether it served before."""
        while self._idle:
            connection = self._idle.pop()
            if not connection.has_answer:
                return connection, True
            connection.close()
        return await Connection.open(self._address, self._patience), False

    def give_back(self, connection: Connection, *, keep: bool) -> None:
        """Keep a connection for the next scan, or not."""
        if keep and not self._closed and len(self._idle) < _MOST_IDLE:
            self._idle.append(connection)
        else:
            connection.close()

    def _take_idle(self) -> list[Connection]:
        idle, self._idle = self._idle, []
        return idle

    async def largest(self, most: int) -> int:
        """No field tells it."""
        return most

    def scan(self) -> IcapScan:
        """A new scan."""
        return IcapScan(self)

    def places(self, most: int) -> int:
        """Max-Connections, of which one stays free for OPTIONS and for the proof."""
        told = self._options.connections if self._options is not None else None
        return most if told is None else min(most, max(1, told - 1))

    async def close(self) -> None:
        """End what is idle."""
        self._closed = True
        for connection in self._take_idle():
            connection.close()


def _authority(address: Address) -> str:
    """The Host field."""
    if not isinstance(address, TcpAddress):
        return "localhost"
    return f"[{address.host}]:{address.port}" if ":" in address.host else f"{address.host}:{address.port}"
