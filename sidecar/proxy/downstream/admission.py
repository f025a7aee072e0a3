"""Counts connections and uploads under way, and says no beyond the caps."""

import contextlib
import logging
import time
from collections.abc import Callable
from typing import Final

from sidecar.inspection.reason import Reason
from sidecar.policy.settings.model import Overload
from sidecar.proxy import reasons
from sidecar.proxy.downstream.gate import TurnedAway
from sidecar.proxy.reasons import RefusedError
from sidecar.telemetry.seldom import Seldom

_log: Final = logging.getLogger("sidecar.server")
_FAREWELLS_MOST: Final = 1000
"""Clients that are told why at once; those beyond are reset, so that even a flood of them takes bounded room."""


class Admission:
    """One for all of an instance.

    Attributes:
        connections: of clients, those not counted that were turned away.
        uploads: under inspection.
    """

    def __init__(
        self,
        limits: Callable[[], Overload],
        shed: Callable[[Reason], bytes],
        *,
        fit: int,
        share: int = 1,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Nothing is under way yet.

        Args:
            limits: the settings in force.
            shed: counts a connection that is turned away, and gives what it is told.
            fit: connections for which there are descriptors, whatever the settings say.
            share: how many processes divide the limits between them.
            clock: in seconds.
        """
        self.connections = 0
        self.uploads = 0
        self._farewells = 0
        self._limits = limits
        self._shed = shed
        self._fit = fit
        self._farewells_most = max(1, min(_FAREWELLS_MOST, fit // 8))
        self._share = share
        self._seldom = Seldom(_log, clock)
        self._inspected = _Inspected(self)

    @property
    def retry_after(self) -> float:
        """Seconds after which somebody who was turned away shall come back."""
        return self._limits().retry_after

    def entered(self) -> TurnedAway | None:
        """A connection was made; what speaks to it instead where there is one too many, and it is not counted."""
        most = self._most(self._limits().max_connections)
        if self.connections < min(self._fit, most):
            self.connections += 1
            return None
        answer = self._shed(reasons.TOO_MANY_CONNECTIONS)
        cap = "the limit of open files (ulimit -n)" if self._fit < most else "overload.max_connections"
        self._seldom.error("clients are turned away: %d are connected, all that %s allows", self.connections, cap)
        self._farewells += 1
        return TurnedAway(answer if self._farewells <= self._farewells_most else b"", self._said_farewell)

    def left(self) -> None:
        """A counted connection is gone."""
        self.connections -= 1

    def _said_farewell(self) -> None:
        self._farewells -= 1

    def _most(self, limit: int) -> int:
        """Our share of a limit, never nothing."""
        return max(1, limit // self._share)

    @property
    def has_room_for_upload(self) -> bool:
        """Whether one more upload is welcome."""
        return self.uploads < self._most(self._limits().max_uploads)

    def upload(self) -> contextlib.AbstractContextManager[None]:
        """Count an upload while it is inspected; entering it raises RefusedError: `too_many_uploads`."""
        return self._inspected


class _Inspected(contextlib.AbstractContextManager[None]):
    """One for all uploads: it keeps nothing of any."""

    def __init__(self, admission: Admission) -> None:
        self._admission = admission

    def __enter__(self) -> None:
        if not self._admission.has_room_for_upload:
            raise RefusedError(reasons.TOO_MANY_UPLOADS, f"{self._admission.uploads} uploads are under way")
        self._admission.uploads += 1

    def __exit__(self, *_: object) -> None:
        self._admission.uploads -= 1
