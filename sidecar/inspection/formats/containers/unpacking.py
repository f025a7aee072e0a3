"""Compressed streams, unpacked piece by piece: no more is held than one piece."""

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterator
from typing import Any, Final, Protocol

from sidecar.inspection.formats.anatomy import DamagedError, Data

STEP: Final = 128 * 1024
"""Bytes that are read, and bytes that come out, at once."""
_FIRST_STEP: Final = 4096
"""Bytes that are read first, then twice as many each time: a stream can be one of thousands of a few bytes."""
_LZMA_MEMORY: Final = 96 * 1024 * 1024
"""What a decoder of LZMA may take: its window is as large as the file says (xz -9 says 64 MiB)."""


class _Decoder(Protocol):
    """What zlib, bz2, lzma and zstd have in common, once zlib is made to look like the others."""

    @property
    def eof(self) -> bool:
        """All has come out."""

    @property
    def needs_input(self) -> bool:
        """More comes out only of more."""

    @property
    def unused_data(self) -> bytes:
        """What was given and lies behind the end."""

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """At most so many bytes."""


class _Zlib:
    """zlib keeps what it has not consumed outside of itself."""

    def __init__(self, window: int) -> None:
        self._decoder = zlib.decompressobj(window)

    @property
    def eof(self) -> bool:
        return self._decoder.eof

    @property
    def needs_input(self) -> bool:
        return not self._decoder.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._decoder.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._decoder.decompress(self._decoder.unconsumed_tail + data, max_length)


def _zstd() -> Callable[[], _Decoder] | None:
    try:
        from backports import zstd  # noqa: PLC0415 - an extra
    except ImportError:
        try:
            from compression import zstd  # type: ignore[import-not-found,no-redef]  # noqa: PLC0415 - Python 3.14
        except ImportError:
            return None
    options = {int(zstd.DecompressionParameter.window_log_max): 27}  # 128 MiB, the most that zstd writes unasked
    return lambda: zstd.ZstdDecompressor(options=options)


CODECS: Final[dict[str, Callable[[], Any]]] = {
    "deflate": lambda: _Zlib(-zlib.MAX_WBITS),
    "gzip": lambda: _Zlib(31),
    "bzip2": bz2.BZ2Decompressor,
    "xz": lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_LZMA_MEMORY),
}
if (_made := _zstd()) is not None:
    CODECS["zstd"] = _made
_ERRORS: Final = (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError)


class Stream:
    """One compressed stream within a file.

    Attributes:
        end: where it ended; only once all of it came out.
    """

    def __init__(self, data: Data, start: int, stop: int, codec: str) -> None:
        self.end = start
        self._data = data
        self._stop = stop
        self._codec = codec

    def pieces(self) -> Iterator[bytes]:
        """What comes out.

        Raises:
            DamagedError: it breaks, or does not come to its end.
        """
        decoder: _Decoder = CODECS[self._codec]()
        step = _FIRST_STEP
        try:
            while not decoder.eof:
                taken = b""
                if decoder.needs_input:
                    taken = self._data[self.end : min(self._stop, self.end + step)]
                    if not taken:
                        break
                    self.end, step = self.end + len(taken), min(STEP, 2 * step)
                if piece := decoder.decompress(taken, STEP):
                    yield piece
        except MemoryError as error:
            raise DamagedError("it asks for too much memory") from error
        except Exception as error:
            if isinstance(error, _ERRORS) or "zstd" in type(error).__module__:
                raise DamagedError(type(error).__name__) from error
            raise
        if not decoder.eof:
            raise DamagedError("it ends too early")
        self.end -= len(decoder.unused_data)


def members(data: Data, codec: str) -> Iterator[Stream]:
    """The streams of a file one after the other, as gzip, bzip2, xz and zstd let them follow each other."""
    at = 0
    while at < len(data):
        stream = Stream(data, at, len(data), codec)
        yield stream
        at = stream.end


def blank(data: Data, start: int) -> bool:
    """Whether nothing but zeros follows, as tapes and xz leave it."""
    return not any(data[at : at + STEP].strip(b"\0") for at in range(start, len(data), STEP))


def stored(data: Data, start: int, stop: int) -> Iterator[bytes]:
    """Bytes that are not compressed."""
    for at in range(start, stop, STEP):
        yield data[at : min(stop, at + STEP)]
