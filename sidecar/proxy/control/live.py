"""The configuration in force: one immutable value, replaced whole when the file or a switch says something else."""

import asyncio
import contextlib
import hashlib
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final, Protocol

from sidecar.policy.loading.difference import difference
from sidecar.policy.loading.problem import ConfigError, Problem
from sidecar.policy.routing.ladder import Rung, decide
from sidecar.policy.routing.router import Router
from sidecar.policy.settings.model import Config
from sidecar.proxy.control.file_stamp import Stamps, stamps
from sidecar.proxy.control.in_force import InForce, Witness
from sidecar.proxy.control.key_file import KeyFile
from sidecar.proxy.control.known_lists import list_paths
from sidecar.proxy.control.next_start import next_start
from sidecar.proxy.control.reload import UNCHANGED, Build, Reload, own_fault
from sidecar.proxy.control.restart_only import kept
from sidecar.proxy.control.survived import Survived
from sidecar.proxy.control.switch_log import tell_decision, tell_reload
from sidecar.proxy.control.switches import Switches
from sidecar.proxy.control.writable import require_writable
from sidecar.proxy.upstream.service import Service

POLL_SECONDS: Final = 1.0
SETTLE_SECONDS: Final = 0.1
LOOK_SECONDS: Final = 0.1
"""Between two looks at the mode file, of which two must agree."""


class Source(Protocol):
    """Where the configuration is read: a file, or what somebody else has read."""

    def read_bytes(self) -> bytes:
        """All of it."""


class Live:
    """Keeps one configuration in force, with the lists of known files that it names and what the switches make of it.

    Attributes:
        current: the one in force.
        last_error: why the newest file was refused, empty if it was not.
        switches: what can lower the mode besides the configuration; whoever changes one calls `decide`.
    """

    def __init__(
        self,
        source: Source | None,
        build: Build,
        witness: Witness,
        *,
        origin: Callable[[bytes, Config], Rung],
        switches: Switches | None = None,
    ) -> None:
        """Read it the first time.

        Args:
            source: where it is read; None: nowhere, the defaults hold.
            build: makes a configuration of what was read.
            witness: is told of every change.
            origin: tells where the configuration has its mode from.
            switches: beside the configuration.

        Raises:
            ConfigError, OSError: there is nothing to begin with.
        """
        self._source = source
        self._build = build
        self._witness = witness
        self._origin = origin
        self.switches = switches or Switches(time.time)
        self.last_error = ""
        self._problems: tuple[Problem, ...] = ()
        self._survived = Survived("watching the configuration")
        text = self._read()
        self.current = self._in_force(build(text), text)
        self._seen: tuple[bytes, Stamps] | None = (text, self._stamps())
        witness.reloaded(self.current)

    def _read(self) -> bytes:
        return b"{}" if self._source is None else self._source.read_bytes()

    def _in_force(self, config: Config, text: bytes, before: InForce | None = None) -> InForce:
        service = Service(config.upstream, time.monotonic)
        receipt_key = KeyFile(config.receipt.key_file)
        audit_key = KeyFile(config.audit.key_file, setting="audit.key_file")
        # Only now: what was refused above must not take the mode file in force away.
        self.switches.follow(config.mode_file, config.mode_file_key)
        decision, now = decide(self._origin(text, config), self.switches.rungs()), time.time()
        return InForce(
            config=config,
            router=Router(config, decision.cap),
            service=service,
            text=text,
            sha256=hashlib.sha256(text).hexdigest(),
            since=now,
            receipt_key=receipt_key,
            audit_key=audit_key,
            decision=decision,
            mode_since=before.mode_since if before and before.mode is decision.mode else now,
        )

    def poll(self) -> None:
        """Take a changed file in; errors leave the last good configuration in force."""
        self.reload(asked=False)

    def reload(self, *, asked: bool = True) -> Reload:
        """Read the file; errors leave the last good configuration in force.

        Args:
            asked: judge it even if it looks as it did, as what it names may have changed, and log whatever comes of it.
        """
        error = self.last_error
        reload = self._reread(again=asked)
        if asked or error != self.last_error or (reload.result == "reloaded" and not self.switches.follower):
            current = self.current
            tell_reload(reload, current.sha256, current.mode.value, current.config, self.last_error or error)
        return reload

    def _reread(self, *, again: bool) -> Reload:
        try:
            looked = self._looked()
        except OSError as error:
            self._seen = None  # what comes back may be what was there
            problem = Problem("", None, f"cannot be read: {error.strerror}", "a YAML file")
            return self._refuse((problem,), f"{self._source}: {error.strerror}")
        if not again and looked == self._seen:
            return UNCHANGED
        self._seen = looked
        try:
            return self._replace(looked[0])
        except Exception as error:  # noqa: BLE001 - a bug must not lose a configuration
            self._seen = None  # nothing is wrong with the file, so it is tried again
            self._survived.tell(error)
            return self._refuse((own_fault(error),), own_fault(error).text(str(self._source)))

    def _replace(self, text: bytes) -> Reload:
        old = self.current
        try:
            built = self._build(text)
            config, needs_restart = kept(old.config, built)
            later = tuple(next_start(built, needs_restart))
            if text == old.text and config == old.config:
                if self.last_error:  # a broken file was taken back: nothing is wrong any more
                    self._witness.reloaded(old)
                return self._accepted(Reload("unchanged", (), needs_restart, later))
            if not self.switches.follower:
                require_writable(old.config, config)
            new = self._in_force(config, text, old)
        except ConfigError as error:
            return self._refuse(
                error.problems, "; ".join(problem.text(str(self._source)) for problem in error.problems)
            )
        self.current, self._problems = new, ()
        self._seen = text, self._stamps()
        old.service.close()
        self._witness.reloaded(new)
        return self._accepted(Reload("reloaded", difference(old.config, config), needs_restart, later))

    def _accepted(self, reload: Reload) -> Reload:
        self.last_error, self._problems = "", ()
        return reload

    def _refuse(self, problems: tuple[Problem, ...], error: str) -> Reload:
        if error != self.last_error:
            self.last_error, self._problems = error, problems
            self._witness.reload_failed()
        return Reload("refused", problems=problems)

    def decide(self) -> None:
        """Take in what the switches say now."""
        old = self.current
        decision = decide(old.decision.rungs[0], self.switches.rungs())
        if decision == old.decision:
            return
        since = old.mode_since if decision.mode is old.mode else time.time()
        router = old.router if decision.cap is old.decision.cap else Router(old.config, decision.cap)
        self.current = replace(old, router=router, decision=decision, mode_since=since)
        self._witness.mode_changed(self.current)
        if not self.switches.follower:
            tell_decision(old.decision, decision)

    async def watch(self) -> None:
        """Poll the file's content until cancelled; a ConfigMap swaps a symbolic link, so its time tells nothing."""
        tell_decision(decide(self.current.decision.rungs[0], ()), self.current.decision)
        while True:
            for _ in range(round(POLL_SECONDS / LOOK_SECONDS) if self.switches.has_file else 1):
                await asyncio.sleep(LOOK_SECONDS if self.switches.has_file else POLL_SECONDS)
                with self._survived:
                    self.look()
            with self._survived:  # a bug here must not end the watch
                await self._poll_when_settled()

    def look(self) -> None:
        """Take in what the mode file says, and the end of what was said for a time."""
        if self.switches.look():
            self.decide()

    def _looked(self) -> tuple[bytes, Stamps]:
        return self._read(), self._stamps()

    def _stamps(self) -> Stamps:
        """Of the lists in force, and of the files for whose sake the newest configuration was refused."""
        lists = (path for policy in self.current.config.policies.values() for path in list_paths(policy))
        return stamps((*lists, *(problem.file for problem in self._problems if problem.file)))

    async def _poll_when_settled(self) -> None:
        """Take a changed file only once two looks agree: half of one can be valid, with its routes missing."""
        with contextlib.suppress(OSError):
            first = self._looked()
            if first == self._seen:
                return
            await asyncio.sleep(SETTLE_SECONDS)
            if self._looked() != first:
                return
        self.poll()
