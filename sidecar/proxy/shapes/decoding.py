"""Content codings decoded in bounded steps (RFC 9110, section 8.4.1)."""

import importlib
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, Protocol

from sidecar.multipart.rules import MalformedError
from sidecar.policy.settings.bodies import LIBRARIES
from sidecar.proxy.rules import CONTENT_ENCODING_MALFORMED

STEP: Final = 64 * 1024
"""Bytes that one step gives at most, or a little more: under a millisecond of work."""
_GZIP, _ZLIB = 31, 15
_ZSTD_WINDOW_LOG: Final = 23
"""8 MiB, the window that every decoder of this coding has (RFC 9659, section 3), and no more."""


class _Stream(Protocol):
    """One compressed stream."""

    @property
    def error(self) -> type[Exception]:
        """What its library raises."""

    def decode(self, data: bytes) -> bytes:
        """At most a step of output."""

    @property
    def pending(self) -> bytes | None:
        """Input for the next step of the same chunk, None where all of it was taken in."""

    @property
    def ended(self) -> bool:
        """Whether the stream came to its end."""

    @property
    def surplus(self) -> bytes:
        """What came after its end."""


class _Zlib:
    error = zlib.error

    def __init__(self, window_bits: int) -> None:
        self._inner = zlib.decompressobj(window_bits)

    def decode(self, data: bytes) -> bytes:
        return self._inner.decompress(data, STEP)

    @property
    def pending(self) -> bytes | None:
        return self._inner.unconsumed_tail or None

    @property
    def ended(self) -> bool:
        return self._inner.eof

    @property
    def surplus(self) -> bytes:
        return self._inner.unused_data


class _Brotli:
    surplus = b""  # its decoder raises on what follows

    def __init__(self) -> None:
        module = importlib.import_module("brotli")
        self._inner = module.Decompressor()
        self.error: type[Exception] = module.error

    def decode(self, data: bytes) -> bytes:
        output: bytes = self._inner.process(data, output_buffer_limit=STEP)
        return output

    @property
    def pending(self) -> bytes | None:
        return None if self._inner.can_accept_more_data() else b""

    @property
    def ended(self) -> bool:
        return bool(self._inner.is_finished())


class _Zstd:
    def __init__(self) -> None:
        module = _first_of(LIBRARIES["zstd"])
        self.error: type[Exception] = module.ZstdError
        window = {module.DecompressionParameter.window_log_max: _ZSTD_WINDOW_LOG}
        self._inner = module.ZstdDecompressor(options=window)

    def decode(self, data: bytes) -> bytes:
        output: bytes = self._inner.decompress(data, STEP)
        return output

    @property
    def pending(self) -> bytes | None:
        return None if self._inner.needs_input else b""

    @property
    def ended(self) -> bool:
        return bool(self._inner.eof)

    @property
    def surplus(self) -> bytes:
        return bytes(self._inner.unused_data)


def _first_of(modules: tuple[str, ...]) -> Any:  # noqa: ANN401 - one of several modules alike
    for name in modules[:-1]:
        try:
            return importlib.import_module(name)
        except ModuleNotFoundError:
            continue
    return importlib.import_module(modules[-1])


# `deflate` is the zlib format; that some mean the bare one is why it is refused (RFC 9110, section 8.4.1.2).
_STREAMS: Final[Mapping[bytes, Callable[[], _Stream]]] = {
    b"gzip": lambda: _Zlib(_GZIP),
    b"deflate": lambda: _Zlib(_ZLIB),
    b"br": _Brotli,
    b"zstd": _Zstd,
}


class Decoder:
    """Decodes one body."""

    def __init__(self, coding: bytes) -> None:
        self._stream = _STREAMS[coding]()

    def decode(self, chunk: bytes) -> Iterator[bytes]:
        """What a chunk gives, step by step; nothing is decoded that is not asked for.

        Raises:
            MalformedError: the stream is broken, or something follows it.
        """
        data: bytes | None = chunk
        while data is not None:
            step = self._step(data)
            data = self._more(step)
            if step:
                yield step

    def _more(self, step: bytes) -> bytes | None:
        """Input for the next step; where a step was full, output can wait inside though all input was taken in."""
        if self._stream.ended:
            return None
        pending = self._stream.pending
        return b"" if pending is None and len(step) >= STEP else pending

    def _step(self, data: bytes) -> bytes:
        if self._stream.ended and data:
            raise MalformedError(CONTENT_ENCODING_MALFORMED, "bytes after the end of the stream")
        try:
            step = self._stream.decode(data)
        except self._stream.error as error:
            raise MalformedError(CONTENT_ENCODING_MALFORMED, "a broken stream") from error
        if self._stream.surplus:
            raise MalformedError(CONTENT_ENCODING_MALFORMED, "bytes after the end of the stream")
        return step

    def close(self) -> None:
        """The body has ended.

        Raises:
            MalformedError: the stream has not.
        """
        if not self._stream.ended:
            raise MalformedError(CONTENT_ENCODING_MALFORMED, "the stream is cut")
