"""Tells when the certificates in use expire, before they do and whether or not anybody connects."""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from sidecar.proxy.sockets.certificates import EXPECTED, doubt
from sidecar.proxy.sockets.tls import Renewed

_log: Final = logging.getLogger("sidecar.tls")
_LOOK_SECONDS: Final = 60.0
_DAY: Final = 86400.0


class CertificateWatch:
    """From `start` to `close`; the files are looked at, too, as no handshake may come for days."""

    def __init__(
        self,
        in_use: Iterable[Callable[[], Renewed | None]],
        tell: Callable[[Mapping[str, float]], None],
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Nothing is looked at yet.

        Args:
            in_use: give what TLS of clients and service is made of, where there is any.
            tell: takes when each certificate ends, by its setting.
            clock: Unix time.
        """
        self._in_use = in_use
        self._tell = tell
        self._clock = clock
        self._warned: dict[str, tuple[float, int]] = {}
        self._watch: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Look now, and every minute."""
        self.look()
        self._watch = asyncio.create_task(self._look_always(), name="watch certificates")

    async def close(self) -> None:
        """Look no more."""
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.wait({self._watch})

    async def _look_always(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            self.look()

    def look(self) -> None:
        """Take renewed files in, and tell of all that is in use."""
        ends: dict[str, float] = {}
        for renewed in filter(None, (each() for each in self._in_use)):
            renewed.current()
            ends |= renewed.ends
        self._tell(ends)
        for setting, end in ends.items():
            self._warn(setting, end, self._clock())

    def _warn(self, setting: str, end: float, now: float) -> None:
        """Once a day, and again where it is another certificate."""
        told = (end, int((end - now) // _DAY))
        if self._warned.get(setting) != told and (why := doubt(end, now)):
            _log.warning("%s %s; expected %s", setting, why, EXPECTED)
        self._warned[setting] = told
