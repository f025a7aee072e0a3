"""Processes that end with their test."""

import json

import pytest

from tests.e2e.process import SidecarProcess


@pytest.fixture
def config(tmp_path, service):
    """Writes a configuration file for a sidecar in front of the service."""

    def write(**settings):
        path = tmp_path / "sidecar.yaml"
        listening = {"listen": "127.0.0.1:0", "admin": {"listen": "127.0.0.1:0"}, "upstream": {"url": service.url}}
        own = {"mode": "enforce", "spool": {"directory": str(tmp_path)}, "drain": {"accept_for": "0s"}}
        path.write_text(json.dumps({**listening, **own, **settings}))
        return path

    return write


@pytest.fixture
async def run():
    """Starts sidecars as processes."""
    running = []

    async def start(config, *flags, **environ):
        sidecar = await SidecarProcess.start(config, *flags, **environ)
        running.append(sidecar)
        return sidecar

    yield start
    for sidecar in running:
        await sidecar.kill()
