"""The connections of a port for operators: few, and a new one takes the place of whoever has waited longest."""

from collections.abc import Callable
from typing import Final

from sidecar.policy.settings.model import Client as ClientSettings
from sidecar.proxy.downstream.connections import Connections
from sidecar.proxy.downstream.gate import ErrorWriter, TurnedAway
from sidecar.proxy.downstream.received import Handler

_ENOUGH: Final = 16
"""Prometheus, the kubelet and some people; beyond it those go that only wait."""
MOST: Final = 32
"""Even where nobody waits, or while those that were ended go."""


class FewConnections(Connections):
    """Their own gate.

    Whoever opens connections and says nothing on them keeps nobody out, a probe least of all, and takes no descriptors
    that clients need.
    """

    def __init__(self, handler: Handler, error_writer: ErrorWriter, patience: Callable[[], ClientSettings]) -> None:
        super().__init__(handler, error_writer, patience, self)
        self._count = self._going = 0

    def entered(self) -> TurnedAway | None:
        """A connection was made; one too many is reset."""
        while self._count - self._going >= _ENOUGH and self.make_room():
            self._going += 1
        if self._count >= MOST:
            return TurnedAway(b"", lambda: None)
        self._count += 1
        return None

    def left(self) -> None:
        """A counted connection is gone."""
        self._count -= 1
        self._going = max(0, self._going - 1)
