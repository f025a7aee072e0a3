"""An admin port to ask, with a state that tests can change."""

import contextlib
import socket
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from aiohttp import ClientSession

from sidecar.admin.server import AdminServer
from sidecar.admin.state import Status
from sidecar.policy.routing.ladder import Decision, configured, decide
from sidecar.policy.settings.base import as_json
from sidecar.policy.settings.model import Change, Config, Files, Mode, Policy, Route
from sidecar.telemetry.labels import Labels
from sidecar.telemetry.metrics import Metrics
from sidecar.telemetry.refusals import Refusal, newest

NOW = 1_800_000_000.0

CONFIG = Config(
    change=Change(owner="platform@example.com", reason="first roll-out", expected="few refusals"),
    mode=Mode.ENFORCE,
    routes=(
        Route(path="/api/avatars", name="avatars", policy="avatars", methods=("POST", "PUT")),
        Route(path="/api/invoices", mode=Mode.MONITOR),
    ),
    policies={"default": Policy(), "avatars": Policy(max_file=5 * 2**20, files=Files(types=("image/png",)))},
)


def decision(config: Config, where: str = "the file") -> Decision:
    """What the configuration alone decides."""
    return decide(configured("file", where, config), ())


@dataclass
class State:
    """What the rest of the sidecar would say."""

    current: Status
    metrics: Metrics
    reasons: list[str] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)

    async def refresh(self) -> None:
        pass

    def ready(self) -> tuple[bool, list[str]]:
        return not self.reasons, self.reasons

    def status(self) -> Status:
        return self.current

    def refusals(self) -> list[Refusal]:
        return newest([self.refused], self.current.config.log)

    def config_in_force(self) -> dict[str, Any]:
        return as_json(self.current.config)

    def sources_in_force(self) -> dict[str, str]:
        return {"mode": "line 1"}

    def set(self, **changes: Any) -> None:
        if "config" in changes:
            changes.setdefault("decision", decision(changes["config"]))
        self.current = replace(self.current, **changes)


@pytest.fixture
def state() -> State:
    status = Status(CONFIG, "ab" * 32, "sidecar.yaml", decision(CONFIG), started=NOW - 90_000, configured=NOW - 60)
    return State(status, Metrics(Labels(routes=("default", "avatars"), reasons=("forbidden_suffix",))))


@pytest.fixture
async def url(state):
    server = AdminServer(state, lambda: NOW)
    yield f"http://{await server.start('127.0.0.1:0')}/"
    await server.close()


@pytest.fixture
async def admin(url):
    async with ClientSession(url) as client:
        yield client


def own_address() -> str | None:
    """An address of this machine that is not loopback."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # sends nothing
        return str(probe.getsockname()[0])
    return None
