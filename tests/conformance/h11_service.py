"""A service that reads requests with h11: what the sidecar forwards must be one request to another reader too."""

import asyncio
import contextlib
from dataclasses import dataclass, field

import h11

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@dataclass(frozen=True)
class Seen:
    """One complete request as h11 read it."""

    method: bytes
    target: bytes
    fields: tuple[tuple[bytes, bytes], ...]
    """Names in lower case."""
    body: bytes

    def values(self, name: bytes) -> list[bytes]:
        return [value for key, value in self.fields if key == name]


def read_requests(data: bytes) -> list[Seen]:
    """All requests in these bytes; an error where h11 finds anything else."""
    connection, seen = h11.Connection(h11.SERVER), []
    connection.receive_data(data)
    while (event := connection.next_event()) is not h11.NEED_DATA:
        if isinstance(event, h11.Request):
            head, body = event, b""
        elif isinstance(event, h11.Data):
            body += bytes(event.data)
        elif isinstance(event, h11.EndOfMessage):
            seen.append(Seen(head.method, head.target, tuple(head.headers), body))
            connection.send(h11.Response(status_code=200, headers=[("Content-Length", "0")]))
            connection.send(h11.EndOfMessage())
            connection.start_next_cycle()
    if connection.trailing_data[0]:
        raise AssertionError(f"bytes behind the request: {connection.trailing_data[0]!r}")
    return seen


@dataclass
class H11Service:
    """Answers every complete request; `requests` are those of all connections, in order."""

    requests: list[Seen] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    port: int = 0
    _server: asyncio.Server | None = None
    _writers: list[asyncio.StreamWriter] = field(default_factory=list)

    async def start(self) -> "H11Service":
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
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

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        data, answered = b"", 0
        self._writers.append(writer)
        with contextlib.suppress(ConnectionError):
            while chunk := await reader.read(2**16):
                data += chunk
                try:
                    seen = read_requests(data)
                except (h11.RemoteProtocolError, AssertionError) as error:
                    self.errors.append(str(error))
                    break
                for request in seen[answered:]:
                    self.requests.append(request)
                    writer.write(ANSWER[:-2] if request.method == b"HEAD" else ANSWER)
                answered = len(seen)
        writer.close()
