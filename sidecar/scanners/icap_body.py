"""Reads what an ICAP server sends behind its head: is the body that comes back the one that went there?"""

import hashlib
import re
from typing import Final

from sidecar.scanners.connection import Connection
from sidecar.scanners.icap_message import Head, chunk_size, read_head
from sidecar.scanners.result import garbled

_LONGEST_HEAD: Final = 64 * 1024
_LONGEST_LINE: Final = 8192
_LONGEST_HEADERS: Final = 256 * 1024
_PIECE: Final = 64 * 1024
_MORE: Final = 1024 * 1024
"""Bytes beyond those of the file: a page that says why it was blocked."""
_MOST_TRAILERS: Final = 100
_HTTP_STATUS: Final = re.compile(rb"HTTP/1\.[01] (\d{3})")


async def receive_head(connection: Connection) -> Head:
    """The next head.

    Raises:
        EngineError: what comes is none.
    """
    return read_head(await connection.receive_until(b"\r\n\r\n", _LONGEST_HEAD))


async def read_encapsulated(connection: Connection, head: Head, size: int) -> tuple[int, str]:
    """Status of the response within, and SHA-256 of its body; 0 and nothing where there are none.

    Args:
        connection: behind the head.
        head: says what follows.
        size: of the file that was sent.

    Raises:
        EngineError: it is not as the head says, or far too much.
    """
    if not head.sections:
        return 0, ""
    length = head.sections[-1][1]
    if length > _LONGEST_HEADERS:
        raise garbled(f"{length} bytes of headers")
    headers = await connection.receive_exactly(length)
    match = _HTTP_STATUS.match(headers) if head.sections[0][0] == "res-hdr" else None
    status = int(match[1]) if match else 0
    return status, await _digest(connection, size + _MORE) if head.body else ""


async def _digest(connection: Connection, most: int) -> str:
    digest = hashlib.sha256()
    while size := chunk_size(await connection.receive_until(b"\r\n", _LONGEST_LINE)):
        most -= size
        if most < 0:
            raise garbled("far more than was sent")
        while size:
            piece = await connection.receive_exactly(min(size, _PIECE))
            digest.update(piece)
            size -= len(piece)
        if await connection.receive_exactly(2) != b"\r\n":
            raise garbled("a chunk without an end")
    for _ in range(_MOST_TRAILERS):
        if not await connection.receive_until(b"\r\n", _LONGEST_LINE):
            return digest.hexdigest()
    raise garbled("trailers without an end")
