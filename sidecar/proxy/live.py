"""The configuration in force: one immutable value, replaced whole when the file's content changes."""

import asyncio
import contextlib
import hashlib
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Final, Protocol, TypeVar

from sidecar.policy.load import ConfigError
from sidecar.policy.model import Config
from sidecar.policy.routing import Router
from sidecar.policy.settings import Settings
from sidecar.proxy.key_file import KeyFile
from sidecar.proxy.known_lists import list_stamps
from sidecar.proxy.service import Service

S = TypeVar("S", bound=Settings)

_log: Final = logging.getLogger("sidecar.config")
POLL_SECONDS: Final = 1.0
SETTLE_SECONDS: Final = 0.1
RESTART_ONLY: Final = ("listen", "tls", "workers", "admin", "spool", "drain.listen")
"""Settings that are bound to sockets and files opened at start."""


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


class Source(Protocol):
    """Where the configuration is read: a file, or what somebody else has read."""

    def read_bytes(self) -> bytes:
        """All of it."""


class Witness(Protocol):
    """Who wants to know of reloads: the metrics."""

    def reloaded(self, in_force: InForce) -> None:
        """A new configuration is in force."""

    def reload_failed(self) -> None:
        """A file was refused; the last good configuration stays."""


class Live:
    """Keeps one configuration in force, with the lists of known files that it names.

    Attributes:
        current: the one in force.
        last_error: why the newest file was refused, empty if it was not.
    """

    def __init__(self, path: Source | None, build: Callable[[bytes], Config], witness: Witness) -> None:
        self._path = path
        self._build = build
        self._witness = witness
        self.last_error = ""
        text = self._read()
        self._seen = text
        config = build(text)
        self._lists = list_stamps(config)
        self.current = _in_force(config, text)
        witness.reloaded(self.current)

    def _read(self) -> bytes:
        return b"{}" if self._path is None else self._path.read_bytes()

    def poll(self) -> None:
        """Take a changed file in; errors leave the last good configuration in force."""
        try:
            text = self._read()
        except OSError as error:
            self._refuse(f"{self._path}: {error.strerror}")
            return
        lists = list_stamps(self.current.config)
        if text != self._seen or lists != self._lists:
            self._seen, self._lists = text, lists
            self._replace(text)

    def _replace(self, text: bytes) -> None:
        try:
            new = _in_force(self._keep_what_needs_a_restart(self._build(text)), text)
        except ConfigError as error:
            self._refuse("; ".join(problem.text(str(self._path)) for problem in error.problems))
            return
        old, self.current = self.current, new
        self._lists = list_stamps(new.config)
        old.service.close()
        self.last_error = ""
        self._witness.reloaded(self.current)
        config, change = new.config, new.config.change
        _log.info(
            "configuration %s in force: mode %s; owner %s; reason %s; expected %s; way back: %s",
            self.current.sha256[:12], config.mode.value, change.owner, change.reason, change.expected, change.rollback,
        )  # fmt: skip

    def _keep_what_needs_a_restart(self, config: Config) -> Config:
        old = self.current.config
        changed = [name for name in RESTART_ONLY if attrgetter(name)(config) != attrgetter(name)(old)]
        if changed:
            _log.warning("changed but in force only after a restart: %s", ", ".join(changed))
        for name in changed:
            config = _with(config, name.split("."), attrgetter(name)(old))
        return config

    def _refuse(self, error: str) -> None:
        if error == self.last_error:
            return
        self.last_error = error
        self._witness.reload_failed()
        _log.error("configuration refused, the last good one stays in force: %s", error)

    async def watch(self) -> None:
        """Poll the file's content until cancelled; a ConfigMap swaps a symbolic link, so its time tells nothing."""
        while True:
            await asyncio.sleep(POLL_SECONDS)
            with contextlib.suppress(Exception):  # a bug here must not end the watch; poll() reports what it expects
                await self._poll_when_settled()

    def _looked(self) -> tuple[bytes, tuple[Any, ...]]:
        return self._read(), list_stamps(self.current.config)

    async def _poll_when_settled(self) -> None:
        """Take a changed file only once two looks agree: half of one can be valid, with its routes missing."""
        with contextlib.suppress(OSError):
            first = self._looked()
            if first == (self._seen, self._lists):
                return
            await asyncio.sleep(SETTLE_SECONDS)
            if self._looked() != first:
                return
        self.poll()


def _with(settings: S, path: list[str], value: object) -> S:
    """The same settings, one of them replaced."""
    name, *rest = path
    return settings.model_copy(update={name: _with(getattr(settings, name), rest, value) if rest else value})


def _in_force(config: Config, text: bytes) -> InForce:
    return InForce(
        config=config,
        router=Router(config),
        service=Service(config.upstream, time.monotonic),
        text=text,
        sha256=hashlib.sha256(text).hexdigest(),
        since=time.time(),
        receipt_key=KeyFile(config.receipt.key_file),
    )
