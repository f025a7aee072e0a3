"""The proof that an engine works: it finds the EICAR test file, plain and in an archive, and passes a clean one."""

import asyncio
import contextlib
import os
import struct
import zlib
from typing import Final

from sidecar.inspection.checks.eicar import TEST_STRING
from sidecar.isolation.copy import Range
from sidecar.scanners.engine import Engine, run
from sidecar.scanners.held import Held, sample
from sidecar.scanners.result import Bad, Clean, EngineError, NotExamined, Result

CLEAN: Final = b"A file in which nobody should find anything.\n"
SMALLEST_ARCHIVE: Final = 512
_PRECISION: Final = 32
_TRIES: Final = 2
"""An engine that resets twice at the same file does so for its size."""
_STEP: Final = 1024 * 1024


class UnprovenError(Exception):
    """An engine cannot tell the two apart; the message says how."""


async def prove(engine: Engine) -> None:
    """Show both files.

    Raises:
        UnprovenError: it takes one for the other.
        EngineError: it fails.
    """
    with sample(TEST_STRING) as held:
        result = await run(engine, held)
    if not isinstance(result, Bad):
        raise UnprovenError(f"it does not find the EICAR test file: {_why(result) or 'are its signatures there?'}")
    with sample(CLEAN) as held:
        result = await run(engine, held)
    if not isinstance(result, Clean):
        raise UnprovenError(f"it does not pass a clean file: {_why(result)}")


def _why(result: Result) -> str:
    match result:
        case Bad(name=text) | NotExamined(detail=text):
            return text
    return ""


async def largest_proven(engine: Engine, most: int) -> int:
    """Bytes of the largest archive, up to `most`, in which it still finds the test file, to a few percent; 0 for none.

    Engines call clean what is above their limits: clamd above MaxFileSize, c-icap above MaxObjectSize.
    """
    low, high = most, most
    while low >= SMALLEST_ARCHIVE and not await _finds(engine, low):
        low, high = low // 2, low
    if low < SMALLEST_ARCHIVE:
        return 0
    while high - low > low // _PRECISION:
        middle = (low + high) // 2
        low, high = (middle, high) if await _finds(engine, middle) else (low, middle)
    return low


async def _finds(engine: Engine, size: int) -> bool:
    descriptor = os.memfd_create("archive", os.MFD_CLOEXEC)
    try:
        await asyncio.to_thread(write_archive, descriptor, size)
        for _ in range(_TRIES):
            with contextlib.suppress(EngineError):
                return isinstance(await run(engine, Held(Range(descriptor, 0, size), "")), Bad)
        return False
    finally:
        os.close(descriptor)


def write_archive(descriptor: int, size: int) -> None:
    """A ZIP archive of exactly `size` bytes: the test file, then zeros, both stored; the zeros take no room."""
    overhead = sum(len(_local(name, b"", 0)) + len(_central(name, 0, 0, 0)) for name in _NAMES) + _END.size
    zeros = size - overhead - len(TEST_STRING)
    if zeros < 0:
        raise ValueError(f"an archive of {size} bytes has no room for the test file")
    first = _local(_NAMES[0], TEST_STRING, len(TEST_STRING)) + TEST_STRING
    second = _local(_NAMES[1], None, zeros)
    start = len(first) + len(second) + zeros
    central = _central(_NAMES[0], zlib.crc32(TEST_STRING), len(TEST_STRING), 0)
    central += _central(_NAMES[1], _crc_of_zeros(zeros), zeros, len(first))
    os.pwrite(descriptor, first + second, 0)
    os.pwrite(descriptor, central + _END.pack(b"PK\x05\x06", 0, 0, 2, 2, len(central), start, 0), start)


_NAMES: Final = (b"test.txt", b"zeros")
_END: Final = struct.Struct("<4s4H2IH")
"""APPNOTE.TXT 4.3.16, 4.3.7 and 4.3.12."""


def _local(name: bytes, data: bytes | None, size: int) -> bytes:
    crc = _crc_of_zeros(size) if data is None else zlib.crc32(data)
    return struct.pack("<4s5H3I2H", b"PK\x03\x04", 10, 0, 0, 0, 0x21, crc, size, size, len(name), 0) + name


def _central(name: bytes, crc: int, size: int, offset: int) -> bytes:
    fields = (b"PK\x01\x02", 10, 10, 0, 0, 0, 0x21, crc, size, size, len(name), 0, 0, 0, 0, 0, offset)
    return struct.pack("<4s6H3I5H2I", *fields) + name


def _crc_of_zeros(size: int) -> int:
    crc = 0
    for start in range(0, size, _STEP):
        crc = zlib.crc32(bytes(min(_STEP, size - start)), crc)
    return crc
