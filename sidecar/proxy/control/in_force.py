"""A configuration as exchanges begin with it and as the metrics are told of it."""

from dataclasses import dataclass
from typing import Protocol

from sidecar.policy.routing.ladder import Decision
from sidecar.policy.routing.router import Router
from sidecar.policy.settings.base import Mode
from sidecar.policy.settings.model import Config
from sidecar.proxy.control.key_file import KeyFile
from sidecar.proxy.upstream.service import Service


@dataclass(frozen=True, slots=True)
class InForce:
    """What an exchange begins with and keeps to its end."""

    config: Config
    router: Router
    service: Service
    text: bytes
    sha256: str
    since: float
    """Unix time of the load."""
    receipt_key: KeyFile
    """Signs the receipts that services get."""
    audit_key: KeyFile
    """Keys the digests of names in the audit log."""
    decision: Decision
    """The mode in force, and who decided it."""
    mode_since: float
    """Unix time since which it is this mode."""

    @property
    def mode(self) -> Mode:
        """The mode in force, but for routes with one of their own."""
        return self.decision.mode


class Witness(Protocol):
    """Who wants to know of changes: the metrics."""

    def reloaded(self, in_force: InForce) -> None:
        """A new configuration is in force."""

    def reload_failed(self) -> None:
        """A file was refused; the last good configuration stays."""

    def mode_changed(self, in_force: InForce) -> None:
        """A switch says something else, or its file has a new problem."""
