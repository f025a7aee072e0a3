"""Who may connect, and what is said to those who may not."""

import asyncio
from collections.abc import Callable
from typing import Final, Protocol, cast

from sidecar.proxy.sockets.closing import half_close, reset

ErrorWriter = Callable[[int, BaseException | None, object], bytes]
"""Makes the whole answer to a request that could not be parsed, from a status, an error, and the name of the socket."""
FAREWELL: Final = 1.0
"""Seconds in which a client that was turned away can read why."""


class TurnedAway(asyncio.Protocol):
    """Tells a client at once that there is no room, or resets its connection where there is not even an answer.

    What the client sends meanwhile is thrown away, as closing on unread bytes would reset the connection and take the
    answer with it.

    Attributes:
        answer: what a client is told; empty where it is reset without a word.
    """

    def __init__(self, answer: bytes, gone: Callable[[], None]) -> None:
        self.answer = answer
        self._gone = gone
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Answer, and close."""
        stream = cast("asyncio.Transport", transport)
        if not self.answer:
            reset(stream)
            return
        stream.write(self.answer)
        if half_close(stream):
            self._timer = asyncio.get_running_loop().call_later(FAREWELL, reset, stream)
        else:
            stream.close()

    def refuse(self, transport: asyncio.Transport) -> None:
        """Reset a connection on which nothing can be said."""
        transport.set_protocol(self)
        reset(transport)

    def connection_lost(self, _exc: BaseException | None) -> None:
        """The client has gone."""
        if self._timer is not None:
            self._timer.cancel()
        self._gone()


class Gate(Protocol):
    """Counts connections."""

    def entered(self) -> TurnedAway | None:
        """A connection was made; what speaks to it instead where there is one too many, and it is not counted."""

    def left(self) -> None:
        """A counted connection is gone."""
