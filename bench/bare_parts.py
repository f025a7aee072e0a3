"""Where the parts of a form begin and end, and the digests of its files: what no inspection can leave out."""

from collections.abc import Callable
from typing import Any

Digest = Callable[[], Any]
"""Begins one, as `hashlib.sha256` does."""


class Parts:
    """Finds the parts of a form and takes the digests of its files, however the bytes are cut.

    Attributes:
        digests: of the files that have ended.
    """

    def __init__(self, boundary: bytes, digest: Digest | None) -> None:
        self.digests: list[str] = []
        self._delimiter = b"\r\n--" + boundary
        self._begin_digest = digest
        self._digest: Any = None
        self._in_head = True

    def feed(self, data: bytearray, at: int, end: int) -> int:
        """Read on; from where on the bytes are to be given again, before those that come next."""
        while True:
            if self._in_head:
                stop = data.find(b"\r\n\r\n", at, end)
                if stop < 0:
                    return at
                self._begin(data, at, stop)
                at = stop + 4
            stop = data.find(self._delimiter, at, end)
            upto = stop if stop >= 0 else max(at, end - len(self._delimiter) + 1)
            if self._digest is not None:
                self._digest.update(memoryview(data)[at:upto])
            if stop < 0:
                return upto
            self._end()
            at = stop + len(self._delimiter)

    def _begin(self, data: bytearray, at: int, stop: int) -> None:
        self._in_head = False
        if self._begin_digest is not None and data.find(b"filename=", at, stop) >= 0:
            self._digest = self._begin_digest()

    def _end(self) -> None:
        self._in_head = True
        if self._digest is not None:
            self.digests.append(self._digest.hexdigest())
            self._digest = None
