"""What a command imports is what it needs: memory at rest and the time to start are mostly imports."""

import json
import subprocess
import sys

import pytest

from sidecar.cli.main import _COMMANDS

PRINT = (
    "import json, sys; from sidecar.cli.main import parser; parser([sys.argv[1]]); print(json.dumps([*sys.modules]))"
)
FOR_OTHER_COMMANDS = {f"sidecar.cli.{name}" for name in _COMMANDS if name != "run"} | {
    "sidecar.cli.supervision.supervisor",
    "sidecar.policy.loading.schema",
}
HEAVY = {
    "aiohttp.test_utils", "fastapi", "multiprocessing", "PIL", "pydantic", "pydantic_core", "pytest", "sqlite3",
    "starlette", "unittest", "uvicorn", "xml.dom", "xmlrpc", "yara_x",
}  # fmt: skip
SERVING = {"aiohttp", "asyncio", "prometheus_client", "sidecar.proxy.server", "uvloop"}
"""A health check is a process every few seconds, so it does without: it reads the configuration and asks once."""
MOST = 800
"""Modules of `run`; 760 when measured last, some 45 MB and 0.4 s of a processor between them."""


def imported(command: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", PRINT, command], capture_output=True, text=True, check=True, timeout=60
    )
    return set(json.loads(done.stdout))


@pytest.fixture(scope="module")
def of_run() -> set[str]:
    return imported("run")


def test_run_imports_nothing_that_only_others_need(of_run):
    assert of_run & (FOR_OTHER_COMMANDS | HEAVY) == set()
    assert "sidecar.cli.serving.instance" in of_run


def test_run_imports_a_bounded_number_of_modules(of_run):
    assert len(of_run) < MOST


def test_health_check_imports_nothing_that_serves():
    names = imported("health")
    assert names & (SERVING | HEAVY) == set()
    assert len(names) < 400
