"""Outcomes and metrics to try the telemetry with."""

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest

from sidecar.inspection.file import FileRecord
from sidecar.inspection.finding import Finding
from sidecar.inspection.reason import Reason
from sidecar.telemetry.labels import Labels
from sidecar.telemetry.metrics import Metrics
from sidecar.telemetry.outcome import Outcome

SUFFIX = Reason(
    "forbidden_suffix", "Forbidden suffix", 415, "file name", "another suffix", "Rename it.", quotes_names=True
)
TYPE = Reason("type_not_allowed", "Type not allowed", 415, "content type", "an image", "Send an image.")
PICTURE = FileRecord("picture", "holiday.png", "image/png", "image/png", 2048, "ab" * 32)


class Dropped:
    """Counts the lines that were, and can be waited for."""

    def __init__(self) -> None:
        self.lines = 0
        self.some = threading.Event()

    def __call__(self, lines: int) -> None:
        self.lines += lines
        self.some.set()


@pytest.fixture
def metrics() -> Metrics:
    return Metrics(
        Labels(
            routes=("default", "avatars"),
            reasons=(SUFFIX.code, TYPE.code),
            upstream_errors=("service_down",),
            shed=("overload",),
        )
    )


@pytest.fixture
def make_outcome() -> Callable[..., Outcome]:
    """Makes a good upload, but for what is named."""
    good = Outcome(
        request_id="r-1",
        route="avatars",
        method="POST",
        mode="enforce",
        status=201,
        upload=True,
        verdict="clean",
        action="forwarded",
        policy="pictures",
        files=(PICTURE,),
        parts=1,
        received=2200,
        forwarded=2180,
        duration=0.02,
        upstream_duration=0.012,
        overhead=0.003,
        stages={"receive": 0.004, "inspect": 0.001, "spool": 0.0005, "forward": 0.013},
    )
    return lambda **changes: replace(good, **changes)


@pytest.fixture
def forbidden_suffix() -> Finding:
    return Finding(SUFFIX, actual="php in shell.php", part="picture")


@pytest.fixture
def value(metrics: Metrics) -> Callable[..., float | None]:
    """Looks one series up in what a scrape gives; None where it is missing."""

    def look_up(name: str, **labels: str) -> float | None:
        pairs = ",".join(f'{key}="{value}"' for key, value in sorted(labels.items()))
        series = f"upload_sidecar_{name}" + (f"{{{pairs}}}" if pairs else "")
        lines = metrics.render()[0].decode().splitlines()
        found = [line.rpartition(" ") for line in lines if line.rpartition(" ")[0] == series]
        return float(found[0][2]) if found else None

    return look_up
