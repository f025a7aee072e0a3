"""What is sent: each scenario is one request, sent again and again over some connections."""

import random
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

KB, MB, GB = 1000, 1000**2, 1000**3
BOUNDARY = b"----WebKitFormBoundaryBenchBenchBench1"
PNG_FRAME = 57
"""Bytes of a PNG file that are not the data of its one IDAT chunk."""


@dataclass(frozen=True)
class Scenario:
    """One way of asking.

    Attributes:
        unit: `req/s` where requests are small, `MB/s` where they are large.
        file: bytes of the one file; 0 for none.
        fields: small fields beside it.
    """

    name: str
    connections: int
    unit: str
    file: int = 0
    fields: int = 1
    most: int = 10**9
    seconds: float = 3.0

    def write(self, folder: Path) -> Path:
        """The request as a file; large ones are written piece by piece."""
        path = folder / f"{self.name.replace(' ', '-')}.http"
        if path.exists():
            return path
        with path.open("wb") as out:
            if not self.file and not self.fields:
                out.write(b"GET /health HTTP/1.1\r\nHost: bench.test\r\nAccept: */*\r\n\r\n")
                return path
            opening, closing = _opening(self.fields, with_file=bool(self.file)), b"\r\n--" + BOUNDARY + b"--\r\n"
            head = (
                b"POST /upload HTTP/1.1\r\nHost: bench.test\r\nContent-Type: multipart/form-data; boundary=" + BOUNDARY
            )
            size = len(opening) + self.file + len(closing)
            out.write(head + b"\r\nContent-Length: %d\r\n\r\n" % size + opening)
            _write_file(out, self.file)
            out.write(closing)
        return path


def _opening(fields: int, *, with_file: bool) -> bytes:
    parts = [
        b'Content-Disposition: form-data; name="field%d"\r\n\r\nvalue %d' % (number, number) for number in range(fields)
    ]
    if with_file:
        parts.append(
            b'Content-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
        )
    return b"\r\n".join(b"--" + BOUNDARY + b"\r\n" + part for part in parts)


def _write_file(out: BinaryIO, size: int) -> None:
    """A PNG file whose pixels are random bytes, the same in every run; whole but for being pixels."""
    if not size:
        return
    block, left, checksum = random.Random(1).randbytes(MB), size - PNG_FRAME, zlib.crc32(b"IDAT")
    out.write(b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", struct.pack(">IIBBBBB", 512, 512, 8, 6, 0, 0, 0)))
    out.write(struct.pack(">I", left) + b"IDAT")
    while left > 0:
        piece = block[:left]
        checksum = zlib.crc32(piece, checksum)
        left -= out.write(piece)
    out.write(struct.pack(">I", checksum) + _chunk(b"IEND", b""))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


SCENARIOS = (
    Scenario("GET", 32, "req/s", fields=0),
    Scenario("10 KB", 32, "req/s", file=10 * KB),
    Scenario("10 KB x1", 1, "req/s", file=10 * KB, seconds=2.0),
    Scenario("100 KB", 32, "req/s", file=100 * KB),
    Scenario("1000 fields", 32, "req/s", fields=1000),
    Scenario("100 MB x1", 1, "MB/s", file=100 * MB, most=5, seconds=30),
    Scenario("100 MB x8", 8, "MB/s", file=100 * MB, most=16, seconds=30),
    Scenario("1 GB once", 1, "MB/s", file=GB, most=1, seconds=30),
)
WARM_UP = Scenario("warm up", 32, "req/s", file=10 * KB, seconds=1.0)
"""Not measured: processes that come after the one that listens have begun when it ends."""
