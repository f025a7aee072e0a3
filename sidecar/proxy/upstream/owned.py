"""Connections to the service that speak for one client, each kept for that one until its own connection ends."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Protocol

from sidecar.proxy.upstream.connection import UpstreamConnection


class Owner(Protocol):
    """The connection of a client.

    Attributes:
        transport: None at its end.
        when_gone: is called once, at its end.
    """

    transport: asyncio.Transport | None
    when_gone: Callable[[], None] | None


class Owned:
    """One for each client at most."""

    def __init__(self) -> None:
        self._kept: dict[Owner, UpstreamConnection] = {}

    def keep(self, owner: Owner, connection: UpstreamConnection) -> None:
        """Keep it until it is taken, or the owner is gone."""
        if owner.transport is None:
            connection.close()
            return
        self._kept[owner] = connection
        owner.when_gone = partial(self._forget, owner)

    def take(self, owner: Owner) -> UpstreamConnection | None:
        """That of this owner; None where there is none, or the service has closed it or said something unasked."""
        connection = self._kept.pop(owner, None)
        if connection is None or connection.reuse():
            return connection
        connection.close()
        return None

    def _forget(self, owner: Owner) -> None:
        connection = self._kept.pop(owner, None)
        if connection is not None:
            connection.close()

    def close(self) -> None:
        """Close them all."""
        while self._kept:
            self._kept.popitem()[1].close()
